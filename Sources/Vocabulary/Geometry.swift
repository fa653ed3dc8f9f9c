/// The division of a content into pieces of equal length, of which the last one may be shorter.
/// Pieces that are labels have no bytes.
package struct Geometry: Hashable, Sendable {
    package let total: ByteCount
    package let pieceLength: ByteCount
    package let pieceCount: Int

    /// A geometry from outside with more pieces is refused: their digest table alone would fill 2
    /// GiB.
    package static let pieceCountMax = 1 << 26

    /// Pieces that carry bytes; nil when the division is impossible or too fine.
    package init?(total: ByteCount, pieceLength: ByteCount) {
        guard pieceLength > .zero else { return nil }
        let (whole, rest) = total.raw.quotientAndRemainder(dividingBy: pieceLength.raw)
        let count = whole + (rest == 0 ? 0 : 1)
        guard count <= Int64(Self.pieceCountMax) else { return nil }
        self.total = total
        self.pieceLength = pieceLength
        pieceCount = Int(count)
    }

    /// Pieces that are labels; nil when there are too many.
    package init?(labels count: Int) {
        guard (0...Self.pieceCountMax).contains(count) else { return nil }
        total = .zero
        pieceLength = .zero
        pieceCount = count
    }

    package var carriesBytes: Bool { pieceLength > .zero }

    package func size(of piece: PieceIndex) -> Int {
        precondition(piece.position < pieceCount, "no such piece")
        return Int(min(pieceLength.raw, total.raw - Int64(piece.raw) * pieceLength.raw))
    }

    package func offset(of piece: PieceIndex) -> Int64 { Int64(piece.raw) * pieceLength.raw }
}
