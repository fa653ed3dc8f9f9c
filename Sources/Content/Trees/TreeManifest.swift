package import Vocabulary

/// The description of a tree of files that one job puts in place: its entries, laid end to end in
/// one address space and divided into equal pieces, so that a million small files need no more
/// messages than a big one. It has no digests: those travel with the pieces, and are sealed at the
/// end.
///
/// Invariant: paths are unique, in tree order, and the entries of a folder come after the folder.
/// All paths begin with the name of a source as the user gave it, so that the first component of a
/// path may be renamed at the receiver.
package struct TreeManifest: Equatable, Sendable {
    package let entries: [TreeEntry]
    package let geometry: Geometry
    package let digest: DigestAlgorithm
    package let origin: Origin
    /// The offset of the bytes of each entry.
    package let offsets: [Int64]

    /// The publisher and the job: two runs over the same tree are two contents.
    package struct Origin: Equatable, Sendable {
        package let publisher: Rank
        package let job: UInt64

        package init(publisher: Rank, job: UInt64) {
            self.publisher = publisher
            self.job = job
        }
    }

    /// Entries that are in order already, and a digest for which there is a scheme.
    package init(
        entries: [TreeEntry], pieceLength: ByteCount, digest: DigestAlgorithm, origin: Origin
    ) throws(TreeError) {
        precondition(DigestScheme(digest) != nil, "pieces of trees have no such digests")
        guard pieceLength > .zero, pieceLength <= Manifest.pieceLengthMax else {
            throw .badGeometry
        }
        var offsets: [Int64] = []
        offsets.reserveCapacity(entries.count)
        var total: Int64 = 0
        for entry in entries {
            offsets.append(total)
            let (sum, isTooLong) = total.addingReportingOverflow(entry.length)
            guard entry.length >= 0, !isTooLong, sum <= Self.totalMax else { throw .badGeometry }
            total = sum
        }
        guard let geometry = Geometry(total: ByteCount(total), pieceLength: pieceLength) else {
            throw .badGeometry
        }
        self.entries = entries
        self.geometry = geometry
        self.digest = digest
        self.origin = origin
        self.offsets = offsets
        try checkEntries()
    }

    /// 256 TiB, as in messages.
    package static let totalMax: Int64 = 1 << 48
}

extension TreeManifest {
    /// A part of a piece that lies in one file.
    package struct Stretch: Equatable, Sendable {
        /// The position of the file in `entries`.
        package let entry: Int
        /// Its offset in the file.
        package let offset: Int64
        package let count: Int
        /// Its offset in the piece.
        package let start: Int
    }

    /// The parts of a piece, in order. The search for the first file is the only cost that grows
    /// with the number of files.
    package func stretches(of piece: PieceIndex) -> [Stretch] {
        let start = geometry.offset(of: piece)
        let end = start + Int64(geometry.size(of: piece))
        var entry = lastEntry(at: start)
        var stretches: [Stretch] = []
        var position = start
        while position < end {
            let length = entries[entry].length
            let fileEnd = offsets[entry] + length
            if position < fileEnd {
                let count = min(end, fileEnd) - position
                stretches.append(
                    Stretch(
                        entry: entry, offset: position - offsets[entry], count: Int(count),
                        start: Int(position - start)))
                position += count
            }
            entry += 1
        }
        return stretches
    }

    /// The pieces in which a file has a part.
    package func pieces(of entry: Int) -> Range<Int> {
        let length = entries[entry].length
        let pieceLength = geometry.pieceLength.raw
        let first = Int(offsets[entry] / pieceLength)
        guard length > 0 else { return first..<first }
        return first..<Int((offsets[entry] + length - 1) / pieceLength) + 1
    }

    /// The last entry that begins at or before a place in the address space.
    private func lastEntry(at offset: Int64) -> Int {
        var low = 0
        var high = entries.count
        while low < high {
            let middle = (low + high) / 2
            if offsets[middle] <= offset { low = middle + 1 } else { high = middle }
        }
        // Entries without bytes share their offset with the next file, which is the last of them.
        return max(0, low - 1)
    }
}
