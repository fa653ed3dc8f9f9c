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

    mutating func appendRow(isFull: Bool = false) {
        words.append(contentsOf: repeatElement(isFull ? .max : 0, count: wordsPerRow))
        guard isFull, pieceCount % 64 != 0 else { return }
        words[words.count - 1] = (1 << UInt64(pieceCount % 64)) - 1
    }

    mutating func removeRow(_ row: Int) {
        words.removeSubrange(row * wordsPerRow..<(row + 1) * wordsPerRow)
    }

    func contains(_ piece: PieceIndex, in row: Int) -> Bool {
        words[place(of: piece, in: row)] & Self.bit(piece) != 0
    }

    /// The pieces from 64 times `word` on.
    func word(_ word: Int, in row: Int) -> UInt64 { words[row * wordsPerRow + word] }

    /// False when it was there already.
    mutating func insert(_ piece: PieceIndex, in row: Int) -> Bool {
        let place = place(of: piece, in: row)
        guard words[place] & Self.bit(piece) == 0 else { return false }
        words[place] |= Self.bit(piece)
        return true
    }

    /// False when it was not there.
    mutating func remove(_ piece: PieceIndex, in row: Int) -> Bool {
        let place = place(of: piece, in: row)
        guard words[place] & Self.bit(piece) != 0 else { return false }
        words[place] &= ~Self.bit(piece)
        return true
    }

    /// The first piece of a row at or after `start`.
    func first(from start: Int = 0, in row: Int) -> PieceIndex? {
        first(from: start) { words[row * wordsPerRow + $0] }
    }

    /// The first piece of a row at or after `start` that is one of those.
    func first(from start: Int = 0, of pieces: PieceSet, in row: Int) -> PieceIndex? {
        precondition(pieceCount == pieces.capacity, "the pieces of another content")
        return first(from: start) { words[row * wordsPerRow + $0] & pieces.word($0) }
    }

    @inline(__always)
    private func first(from start: Int, _ bits: (Int) -> UInt64) -> PieceIndex? {
        guard start < pieceCount else { return nil }
        var word = start / 64
        var found = bits(word) & (UInt64.max << UInt64(start % 64))
        while found == 0 {
            word += 1
            guard word < wordsPerRow else { return nil }
            found = bits(word)
        }
        return PieceIndex(word * 64 + found.trailingZeroBitCount)
    }

    /// The pieces of a row, as a set of their own.
    func pieces(in row: Int) -> PieceSet {
        var pieces = PieceSet(none: pieceCount)
        for position in 0..<pieceCount where contains(PieceIndex(position), in: row) {
            pieces.insert(PieceIndex(position))
        }
        return pieces
    }

    private func place(of piece: PieceIndex, in row: Int) -> Int {
        row * wordsPerRow + Int(piece.raw / 64)
    }

    private static func bit(_ piece: PieceIndex) -> UInt64 { 1 << UInt64(piece.raw % 64) }
}
