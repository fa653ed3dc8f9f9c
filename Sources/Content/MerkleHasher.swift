/// Digests one file as BitTorrent v2 does. Its bytes come in order, in parts of any size; parts
/// that cannot be read are skipped.
struct MerkleHasher: ~Copyable {
    private let length: Int64
    private let pieceLength: Int64
    private var block = Digester(.sha256)
    private var blockFilled: Int64 = 0
    /// Of the piece at hand.
    private var leaves: [UInt8] = []
    private var pieceFilled: Int64 = 0
    private var isWhole = true
    private var pieces = PieceDigests(of: .sha256)

    init(length: Int64, pieceLength: Int64) {
        precondition(length > 0, "an empty file has no tree")
        self.length = length
        self.pieceLength = pieceLength
    }

    mutating func add(_ bytes: RawSpan) {
        var start = 0
        while start < bytes.byteCount {
            let count = Int(min(Int64(bytes.byteCount - start), pieceLength - pieceFilled))
            if isWhole { addToBlocks(bytes.extracting(start..<start + count)) }
            advance(Int64(count))
            start += count
        }
    }

    mutating func skip(_ count: Int64) {
        var left = count
        while left > 0 {
            let part = min(left, pieceLength - pieceFilled)
            isWhole = false
            advance(part)
            left -= part
        }
    }

    consuming func finish() -> FileDigests {
        if pieceFilled > 0 { endPiece() }
        guard pieces.isRead.allSatisfy(\.self) else {
            return FileDigests(root: nil, pieces: pieces)
        }
        let root =
            length <= pieceLength
            ? Array(pieces.table[0])
            : MerkleTree.root(ofLayer: pieces.table, pieceLength: pieceLength)
        return FileDigests(root: root, pieces: pieces)
    }

    private mutating func addToBlocks(_ bytes: RawSpan) {
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

    private mutating func advance(_ count: Int64) {
        pieceFilled += count
        if pieceFilled == pieceLength { endPiece() }
    }

    /// A file that is one piece has a tree of its own blocks; in others each piece's is full.
    private mutating func endPiece() {
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
        pieceFilled = 0
        isWhole = true
    }
}
