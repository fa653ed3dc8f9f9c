/// Digests one file as BitTorrent v2 does.
struct MerkleHasher: ~Copyable, PieceCutting {
    let pieceLength: Int64
    var pieceFilled: Int64 = 0
    var isWhole = true
    private let length: Int64
    private var block = Digester(.sha256)
    private var blockFilled: Int64 = 0
    /// Of the piece at hand.
    private var leaves: [UInt8] = []
    private var pieces = PieceDigests(of: .sha256)

    init(length: Int64, pieceLength: Int64) {
        precondition(length > 0, "an empty file has no tree")
        self.length = length
        self.pieceLength = pieceLength
    }

    consuming func finish() -> FileDigests {
        endLastPiece()
        guard pieces.isRead.allSatisfy(\.self) else {
            return FileDigests(root: nil, pieces: pieces)
        }
        let root =
            length <= pieceLength
            ? Array(pieces.table[0])
            : MerkleTree.root(ofLayer: pieces.table, pieceLength: pieceLength)
        return FileDigests(root: root, pieces: pieces)
    }

    mutating func digest(_ bytes: RawSpan) {
        var start = 0
        while start < bytes.byteCount {
            let room = Int(MerkleTree.blockByteCount - blockFilled)
            let count = min(bytes.byteCount - start, room)
            block.update(bytes.extracting(start..<start + count))
            blockFilled += Int64(count)
            start += count
            if blockFilled == MerkleTree.blockByteCount { endBlock() }
        }
    }

    private mutating func endBlock() {
        leaves += block.finish()
        blockFilled = 0
    }

    /// A file that is one piece has a tree of its own blocks; in others each piece's is full.
    mutating func endPiece() {
        if isWhole {
            if blockFilled > 0 { endBlock() }
            let leafCount = leaves.count / DigestAlgorithm.sha256.byteCount
            let width =
                length <= pieceLength
                ? MerkleTree.width(of: leafCount)
                : Int(pieceLength / MerkleTree.blockByteCount)
            let missing = [UInt8](repeating: 0, count: DigestAlgorithm.sha256.byteCount)
            pieces.append(MerkleTree.root(of: leaves, missing: missing, width: width))
        } else {
            block.start()
            pieces.appendUnread()
        }
        leaves.removeAll(keepingCapacity: true)
        blockFilled = 0
    }
}
