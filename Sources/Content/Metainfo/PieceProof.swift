/// Recognises a described file by single pieces: those that no other file has a part in, so that
/// they are good or bad whatever the others are.
package struct PieceProof {
    private let metainfo: Metainfo
    private let plan: HashPlan
    private let offsets: [Int64]
    private let ranges: [Range<Int>]
    private let owned: [Range<Int>]
    private let end: Int64

    /// Nil where pieces carry no bytes.
    package init?(_ metainfo: Metainfo) {
        guard let plan = metainfo.plan else { return nil }
        self.metainfo = metainfo
        self.plan = plan
        offsets = plan.offsets
        end = (offsets.last ?? 0) + (plan.stretches.last?.length ?? 0)
        ranges = plan.pieceRanges
        let shared = Set(plan.sharedPieces.map(\.piece))
        owned = ranges.map { range in
            // Only the first and the last can go on in another file.
            let first = range.prefix(1).filter(shared.contains).count
            let last = range.dropFirst(first).suffix(1).filter(shared.contains).count
            return range.dropFirst(first).dropLast(last)
        }
    }

    package func pieces(of stretch: Int) -> Range<Int> { owned[stretch] }

    /// The part of the file in one of these pieces.
    package func part(_ piece: Int, of stretch: Int) -> HashPlan.Part? {
        plan.part(piece, of: stretch, from: offsets[stretch])
    }

    /// The digest of a piece of which these bytes are the file's part. It depends on the piece
    /// only by that part: equal parts of files of one length have one digest.
    package func digest(of bytes: [UInt8], _ part: HashPlan.Part, _ piece: Int) -> [UInt8] {
        if plan.trees {
            let length = plan.stretches[part.stretch].length
            var hasher = MerkleHasher(length: length, pieceLength: plan.pieceLength)
            unsafe hasher.add(bytes.span.bytes)
            return Array(hasher.finish().pieces.table[0])
        }
        guard let algorithm = plan.pieces else { preconditionFailure("something is digested") }
        // The bytes between the end of a file and the end of its piece are a pad.
        let size = min(plan.pieceLength, end - Int64(piece) * plan.pieceLength)
        var digester = Digester(algorithm)
        digester.updateZeros(Int64(part.place))
        unsafe digester.update(bytes.span.bytes)
        digester.updateZeros(size - Int64(part.place + bytes.count))
        return digester.finish()
    }

    /// The expected digest.
    package func expected(_ piece: Int, of stretch: Int) -> [UInt8] {
        switch metainfo {
        case .seed(let seed): return Array(seed.pieces[piece])
        case .manifest(let manifest):
            guard case .xxh3(let digests) = manifest.body else { return [] }
            return digests[piece].bytes
        case .torrent(let torrent):
            let file = torrent.info.files[stretch]
            if let layer = file.layer { return Array(layer[piece - ranges[stretch].lowerBound]) }
            return file.root ?? torrent.info.pieces.map { Array($0[piece]) } ?? []
        }
    }
}
