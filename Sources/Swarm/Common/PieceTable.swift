import Vocabulary

/// The pieces that each neighbour holds, as rows of bits in one array: with thousands of pieces and
/// dozens of neighbours most of the time goes into memory accesses.
struct PieceTable: Equatable, Sendable {
    private let pieceCount: Int
    private let wordsPerRow: Int
    private var words: [UInt64] = []

    init(pieceCount: Int) {
        self.pieceCount = pieceCount
        wordsPerRow = (pieceCount + 63) / 64
    }

    mutating func appendRow(isFull: Bool = false) {
        words.append(contentsOf: repeatElement(isFull ? .max : 0, count: wordsPerRow))
        guard isFull, pieceCount % 64 != 0 else { return }
        words[words.count - 1] = (1 << UInt64(pieceCount % 64)) - 1
    }

    mutating func removeRow(_ row: Int) {
        words.removeSubrange(range(of: row))
    }

    func contains(_ piece: PieceIndex, in row: Int) -> Bool {
        words[place(of: piece, in: row)] & Self.bit(piece) != 0
    }

    /// The 64 pieces from number 64 × `word` on.
    func word(_ word: Int, in row: Int) -> UInt64 { words[row * wordsPerRow + word] }

    /// Returns false if it was there already.
    mutating func insert(_ piece: PieceIndex, in row: Int) -> Bool {
        let place = place(of: piece, in: row)
        guard words[place] & Self.bit(piece) == 0 else { return false }
        words[place] |= Self.bit(piece)
        return true
    }

    /// Returns false if it was not there.
    mutating func remove(_ piece: PieceIndex, in row: Int) -> Bool {
        let place = place(of: piece, in: row)
        guard words[place] & Self.bit(piece) != 0 else { return false }
        words[place] &= ~Self.bit(piece)
        return true
    }

    /// The first piece at or after `start` that is in `pieces` and in the row.
    func first(from start: Int = 0, of pieces: PieceSet, in row: Int) -> PieceIndex? {
        pieces.first(from: start, in: words.span.extracting(range(of: row)))
    }

    /// The first piece at or after `start` that is in `pieces` and not in the row.
    func first(from start: Int = 0, of pieces: PieceSet, notIn row: Int) -> PieceIndex? {
        pieces.first(from: start, notIn: words.span.extracting(range(of: row)))
    }

    /// The pieces of a row as a set.
    func pieces(in row: Int) -> PieceSet {
        var pieces = PieceSet(none: pieceCount)
        for number in 0..<wordsPerRow {
            var bits = word(number, in: row)
            while bits != 0 {
                pieces.insert(PieceIndex(number * 64 + bits.trailingZeroBitCount))
                bits &= bits - 1
            }
        }
        return pieces
    }

    private func range(of row: Int) -> Range<Int> { row * wordsPerRow..<(row + 1) * wordsPerRow }

    private func place(of piece: PieceIndex, in row: Int) -> Int {
        row * wordsPerRow + Int(piece.raw / 64)
    }

    private static func bit(_ piece: PieceIndex) -> UInt64 { 1 << UInt64(piece.raw % 64) }
}
