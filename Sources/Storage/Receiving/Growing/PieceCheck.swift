import Content
import Vocabulary

/// Reads pieces on the disk again and compares their digests with the known ones.
struct PieceCheck {
    private let reader: PartReader
    private let stamps: StampTable
    private let pieces: HeldPieces

    init(_ reader: PartReader, _ stamps: StampTable, _ pieces: HeldPieces) {
        self.reader = reader
        self.stamps = stamps
        self.pieces = pieces
    }

    private var places: TreePlaces { reader.places }
    private var layout: TreeLayout { reader.places.layout }
    private var entries: EntryTable { reader.entries }

    /// Reads and digests the pieces in doubted files, and those that an earlier job `noted` but
    /// that cannot be trusted without reading. Other code compares the digests of files in place
    /// with the right ones; a piece that also lies in a growing file must have the digest that was
    /// noted.
    func verify(_ noted: [PieceDigest?], readsDoubted: Bool) throws(StorageError) {
        if readsDoubted {
            try sortOutHoles()
            try verifyDoubted(noted)
        }
        for position in noted.indices where noted[position] != nil {
            let piece = PieceIndex(position)
            if !pieces.contains(piece) { try verify(piece, noted: noted[position]) }
            guard !pieces.contains(piece) else { continue }
            try pieces.revoke(piece)
        }
    }

    /// Reads and digests pieces of files that came before the tree was listed. Whether they are the
    /// publisher's is found out elsewhere, as for files in place. Pieces that cannot be read come
    /// again.
    func find(_ taken: [PieceIndex]) {
        for piece in taken where !pieces.contains(piece) {
            do throws(StorageError) {
                pieces.find(piece, digest: try reader.digest(of: piece))
            } catch { continue }
        }
    }

    /// Marks files with bytes in a hole as replaced, because no piece would repair them: they are
    /// written from the start.
    private func sortOutHoles() throws(StorageError) {
        for entry in layout.entries.indices where entries[entry].place == .doubted {
            guard try !places.hasOnlyHoles(entry, on: .final) else { continue }
            entries.replace(entry)
        }
    }

    private func verifyDoubted(_ noted: [PieceDigest?]) throws(StorageError) {
        var next = 0
        for entry in layout.entries.indices where entries[entry].place == .doubted {
            try stamps.trust(entry, as: FileStamp(places.status(of: entry, on: .final)))
            let positions = layout.manifest.pieces(of: entry)
            for position in positions where position >= next {
                try verify(PieceIndex(position), noted: noted[position])
            }
            next = max(next, positions.upperBound)
        }
    }

    private func verify(_ piece: PieceIndex, noted: PieceDigest?) throws(StorageError) {
        let stretches = layout.manifest.stretches(of: piece).filter {
            !layout.data(in: $0).isEmpty
        }
        let states = stretches.map { entries[$0.entry] }
        let isThere = states.allSatisfy(\.isThere)
        let hasGrown = states.contains(where: \.grows)
        guard isThere, !stretches.isEmpty, !hasGrown || noted != nil else { return }
        let digest = try reader.digest(of: piece)
        guard hasGrown else { return pieces.find(piece, digest: digest) }
        guard digest == noted else { return }
        try pieces.hold(piece, digest: digest)
    }

    /// Digests a file that another process has changed, drops its wrong pieces, and sets its rights
    /// and date again. Pieces that came with a part may have no digest, and are dropped then.
    /// Returns false if it has bytes in its holes, which no piece repairs: the whole file has to
    /// come again. A link whose rights and date are right may stay one.
    func prove(
        _ entry: Int, on side: TreeSide, keepsShared: Bool = false
    ) throws(StorageError) -> Bool {
        let found = try places.status(of: entry, on: side)
        stamps.trust(entry, as: FileStamp(found))
        let isKept =
            keepsShared && entries[entry].isShared && layout.entries[entry].isDressed(as: found)
        if !isKept { entries.undate(entry) }
        guard try places.hasOnlyHoles(entry, on: side) else { return false }
        for piece in pieces.pieces(of: entry) {
            guard let known = pieces.digest(of: piece) else {
                if entries[entry].isProven { try pieces.drop(piece) }
                continue
            }
            if try reader.digest(of: piece) != known { try pieces.drop(piece) }
        }
        return true
    }
}
