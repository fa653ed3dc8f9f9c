import Content
import Vocabulary

/// The known digests of a content that is published while it is being read: those that this rank
/// computed, and those of the publisher.
struct DigestBook: Sendable {
    private var found: [PieceDigest?]
    private(set) var foundCount = 0
    private var said: [PieceDigest?]
    /// Whether the table was reported as final.
    var isTold = false
    /// Whether the table found here equalled the publisher's.
    private(set) var isProven = false

    init(pieceCount: Int) {
        found = [PieceDigest?](repeating: nil, count: pieceCount)
        said = found
    }

    subscript(piece: PieceIndex) -> PieceDigest? { found[piece.position] }

    /// The publisher's digest of a piece, if it has arrived.
    func saying(of piece: PieceIndex) -> PieceDigest? { said[piece.position] }

    /// The expected digest of a piece, from the publisher or from this rank.
    func expected(of piece: PieceIndex) -> PieceDigest? {
        said[piece.position] ?? found[piece.position]
    }

    /// The digest that was found here, unless the publisher is known to have the same.
    func unconfirmed(_ piece: PieceIndex) -> PieceDigest? {
        let own = found[piece.position]
        return own == said[piece.position] ? nil : own
    }

    mutating func note(_ digest: PieceDigest, of piece: PieceIndex) {
        if found[piece.position] == nil { foundCount += 1 }
        found[piece.position] = digest
    }

    /// Notes that the bytes of a piece are gone. Its digest in a final table stays valid.
    mutating func lose(_ piece: PieceIndex) {
        guard isTold else { return forget(piece) }
        if said[piece.position] == nil { said[piece.position] = found[piece.position] }
    }

    mutating func forget(_ piece: PieceIndex) {
        if found[piece.position] != nil { foundCount -= 1 }
        found[piece.position] = nil
    }

    /// Notes the publisher's digest of a piece. Returns false if this rank's digest differs.
    mutating func heard(_ digest: PieceDigest, of piece: PieceIndex) -> Bool {
        said[piece.position] = digest
        guard let own = found[piece.position] else { return true }
        return own == digest
    }

    var isComplete: Bool { foundCount == found.count }

    /// The pieces of the range whose digests are not known here.
    func unknown(in range: Range<Int>) -> [PieceIndex] {
        range.lazy.filter { found[$0] == nil }.map { PieceIndex($0) }
    }

    /// The digests of the range end to end; nil while one is unknown.
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

    mutating func isProven(by table: PieceDigest, _ algorithm: DigestAlgorithm) -> Bool {
        let isSame = tableDigest(algorithm) == table
        isProven = isProven || isSame
        return isSame
    }
}
