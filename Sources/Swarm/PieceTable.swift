import Vocabulary

/// Who holds which pieces: rows of bits, all in one place, because with thousands of pieces and
/// dozens of neighbours most of the time goes into getting at them.
struct PieceTable: Equatable, Sendable {
    private let pieceCount: Int
    private let wordsPerRow: Int
    private var words: [UInt64] = []

    init(pieceCount: Int) {
        self.pieceCount = pieceCount
        wordsPerRow = (pieceCount + 63) / 64
    }

    mutating func appendRow() { words.append(contentsOf: repeatElement(0, count: wordsPerRow)) }

    mutating func removeRow(_ row: Int) {
        words.removeSubrange(row * wordsPerRow..<(row + 1) * wordsPerRow)
    }

    func contains(_ piece: PieceIndex, in row: Int) -> Bool {
        words[row * wordsPerRow + piece.position / 64] & Self.bit(piece) != 0
    }

    /// The pieces from 64 times `word` on.
    func word(_ word: Int, in row: Int) -> UInt64 { words[row * wordsPerRow + word] }

    /// False when it was there already.
    mutating func insert(_ piece: PieceIndex, in row: Int) -> Bool {
        let place = row * wordsPerRow + piece.position / 64
        guard words[place] & Self.bit(piece) == 0 else { return false }
        words[place] |= Self.bit(piece)
        return true
    }

    /// The pieces of a row, as a set of their own.
    func pieces(in row: Int) -> PieceSet {
        var pieces = PieceSet(none: pieceCount)
        for position in 0..<pieceCount where contains(PieceIndex(position), in: row) {
            pieces.insert(PieceIndex(position))
        }
        return pieces
    }

    private static func bit(_ piece: PieceIndex) -> UInt64 { 1 << UInt64(piece.position % 64) }
}
