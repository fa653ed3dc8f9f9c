import Content
import Vocabulary

/// The digests of a staged content at one rank: those that were computed here, and those that the
/// publisher sent. A digest is a token of the piece's version.
///
/// Invariant: a piece is confirmed only while both digests are equal.
struct SimulatedDigests {
    private let content: ContentID
    private var found: [PieceDigest?]
    private var said: [PieceDigest?]
    /// The pieces whose digests were compared with the publisher's, one by one.
    private(set) var confirmed: PieceSet
    /// The digest of the whole table that this rank's table equalled last, and the pieces of which
    /// that is still true.
    private(set) var provenBy: PieceDigest?
    private(set) var proven: PieceSet

    static let byteCount = 16

    init(_ content: ContentID, pieceCount: Int) {
        self.content = content
        found = [PieceDigest?](repeating: nil, count: pieceCount)
        said = found
        confirmed = PieceSet(none: pieceCount)
        proven = confirmed
    }

    subscript(piece: PieceIndex) -> PieceDigest? { found[piece.position] }

    func saying(of piece: PieceIndex) -> PieceDigest? { said[piece.position] }

    func token(_ piece: PieceIndex, version: UInt32) -> PieceDigest {
        .token(of: piece, version: version, content)
    }

    mutating func note(_ digest: PieceDigest, of piece: PieceIndex) {
        found[piece.position] = digest
        if said[piece.position] == digest { confirmed.insert(piece) }
    }

    mutating func forget(_ piece: PieceIndex) {
        found[piece.position] = nil
        confirmed.remove(piece)
        proven.remove(piece)
    }

    /// Takes a part of the publisher's table, and returns the pieces that differ from it here.
    mutating func heard(from first: Int, _ bytes: RawSpan) -> [PieceIndex] {
        var wrong: [PieceIndex] = []
        let copy = unsafe bytes.withUnsafeBytes { unsafe Array($0) }
        for (number, start) in stride(from: 0, to: copy.count, by: Self.byteCount).enumerated() {
            guard
                let digest = PieceDigest(copy[start..<min(start + Self.byteCount, copy.count)]),
                let piece = PieceIndex(UInt32(first + number), below: found.count)
            else { break }
            said[piece.position] = digest
            guard let own = found[piece.position] else { continue }
            if own == digest { confirmed.insert(piece) } else { wrong.append(piece) }
        }
        return wrong
    }

    /// The whole table was compared at once.
    mutating func prove(by table: PieceDigest) {
        provenBy = table
        proven = PieceSet(all: found.count)
    }

    /// The digests of a range, end to end; nil while one is unknown.
    func table(_ range: Range<Int>) -> [UInt8]? {
        var bytes: [UInt8] = []
        for position in range {
            guard let digest = found[position] else { return nil }
            bytes += digest.bytes
        }
        return bytes
    }

    /// All digests that were computed here; nil while one is unknown.
    var whole: [PieceDigest]? {
        let all = found.compactMap(\.self)
        return all.count == found.count ? all : nil
    }

    var tableDigest: PieceDigest? {
        table(0..<found.count).flatMap { PieceDigest(Digester.digest(of: $0, .xxh3)) }
    }
}
