import Content
import Vocabulary

/// What is known of the digests of a content that is published while it is being read: what this
/// rank found, and what the publisher says.
struct DigestBook: Sendable {
    private var found: [PieceDigest?]
    private(set) var foundCount = 0
    private var said: [PieceDigest?]
    /// The table was told as final.
    var isTold = false

    init(pieceCount: Int) {
        found = [PieceDigest?](repeating: nil, count: pieceCount)
        said = found
    }

    subscript(piece: PieceIndex) -> PieceDigest? { found[piece.position] }

    /// What the publisher says that a piece is, where it was asked.
    func saying(of piece: PieceIndex) -> PieceDigest? { said[piece.position] }

    /// What a piece must be, as far as anybody has said or found.
    func expected(of piece: PieceIndex) -> PieceDigest? {
        said[piece.position] ?? found[piece.position]
    }

    mutating func note(_ digest: PieceDigest, of piece: PieceIndex) {
        if found[piece.position] == nil { foundCount += 1 }
        found[piece.position] = digest
    }

    /// The bytes are gone. What was said of them in a table that is final they must still be.
    mutating func lose(_ piece: PieceIndex) {
        guard isTold else { return forget(piece) }
        if said[piece.position] == nil { said[piece.position] = found[piece.position] }
    }

    mutating func forget(_ piece: PieceIndex) {
        if found[piece.position] != nil { foundCount -= 1 }
        found[piece.position] = nil
    }

    /// False when ours is another.
    mutating func heard(_ digest: PieceDigest, of piece: PieceIndex) -> Bool {
        said[piece.position] = digest
        guard let own = found[piece.position] else { return true }
        return own == digest
    }

    var isComplete: Bool { foundCount == found.count }

    /// The pieces of the range whose digests nobody knows here.
    func unknown(in range: Range<Int>) -> [PieceIndex] {
        range.lazy.filter { found[$0] == nil }.map { PieceIndex($0) }
    }

    /// End to end; nil while one is not known.
    func table(_ range: Range<Int>) -> [UInt8]? {
        var bytes: [UInt8] = []
        for position in range {
            guard let digest = found[position] else { return nil }
            bytes += digest.bytes
        }
        return bytes
    }

    /// The digest of the whole table; nil while it has gaps.
    func tableDigest(_ algorithm: DigestAlgorithm) -> PieceDigest? {
        guard isComplete, let bytes = table(0..<found.count) else { return nil }
        return PieceDigest(Digester.digest(of: bytes, algorithm))
    }
}
