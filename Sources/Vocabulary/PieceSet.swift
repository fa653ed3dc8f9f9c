/// A set of pieces of one content, one bit for each piece. The number of members is stored, so that
/// reading it costs nothing.
package struct PieceSet: Equatable, Sendable {
    package let capacity: Int
    package private(set) var count = 0
    private var words: [UInt64]

    package init(none capacity: Int) {
        self.capacity = capacity
        words = [UInt64](repeating: 0, count: (capacity + 63) / 64)
    }

    package init(all capacity: Int) {
        self.capacity = capacity
        words = [UInt64](repeating: .max, count: (capacity + 63) / 64)
        count = capacity
        if capacity % 64 != 0 { words[words.count - 1] = (1 << UInt64(capacity % 64)) - 1 }
    }

    package var isEmpty: Bool { count == 0 }
    package var isFull: Bool { count == capacity }

    package func contains(_ piece: PieceIndex) -> Bool {
        words[piece.position / 64] & Self.bit(piece) != 0
    }

    /// Returns false when the piece was a member already.
    @discardableResult
    package mutating func insert(_ piece: PieceIndex) -> Bool {
        guard !contains(piece) else { return false }
        words[piece.position / 64] |= Self.bit(piece)
        count += 1
        return true
    }

    /// Returns false when the piece was not a member.
    @discardableResult
    package mutating func remove(_ piece: PieceIndex) -> Bool {
        guard contains(piece) else { return false }
        words[piece.position / 64] &= ~Self.bit(piece)
        count -= 1
        return true
    }

    /// The first piece at or after `start`.
    package func first(from start: Int = 0) -> PieceIndex? { first(from: start) { words[$0] } }

    /// The first piece at or after `start` that both sets hold.
    package func first(from start: Int = 0, in other: PieceSet) -> PieceIndex? {
        precondition(capacity == other.capacity, "sets of different contents")
        return first(from: start, in: other.words.span)
    }

    /// The first piece at or after `start` that this set holds and `other` lacks.
    package func first(from start: Int = 0, notIn other: PieceSet) -> PieceIndex? {
        precondition(capacity == other.capacity, "sets of different contents")
        return first(from: start, notIn: other.words.span)
    }

    /// The same for a set that is stored as words in a table.
    package func first(from start: Int = 0, in row: Span<UInt64>) -> PieceIndex? {
        precondition(words.count == row.count, "sets of different contents")
        return first(from: start) { words[$0] & row[$0] }
    }

    package func first(from start: Int = 0, notIn row: Span<UInt64>) -> PieceIndex? {
        precondition(words.count == row.count, "sets of different contents")
        return first(from: start) { words[$0] & ~row[$0] }
    }

    @inline(__always)
    private func first(from start: Int, _ bits: (Int) -> UInt64) -> PieceIndex? {
        guard start < capacity else { return nil }
        var word = start / 64
        var found = bits(word) & (UInt64.max << UInt64(start % 64))
        while found == 0 {
            word += 1
            guard word < words.count else { return nil }
            found = bits(word)
        }
        return PieceIndex(word * 64 + found.trailingZeroBitCount)
    }

    /// The number of pieces that this set holds and `other` lacks.
    package func count(notIn other: PieceSet) -> Int {
        precondition(capacity == other.capacity, "sets of different contents")
        return words.indices.reduce(0) { $0 + (words[$1] & ~other.words[$1]).nonzeroBitCount }
    }

    /// Whether `other` holds a piece that is not in this set.
    package func lacksSomething(of other: PieceSet) -> Bool {
        precondition(capacity == other.capacity, "sets of different contents")
        return words.indices.contains { other.words[$0] & ~words[$0] != 0 }
    }

    package mutating func formUnion(_ other: PieceSet) {
        precondition(capacity == other.capacity, "sets of different contents")
        for word in words.indices { words[word] |= other.words[word] }
        count = words.reduce(0) { $0 + $1.nonzeroBitCount }
    }

    package mutating func subtract(_ other: PieceSet) {
        precondition(capacity == other.capacity, "sets of different contents")
        for word in words.indices { words[word] &= ~other.words[word] }
        count = words.reduce(0) { $0 + $1.nonzeroBitCount }
    }

    package var wordCount: Int { words.count }

    /// The pieces from `64 * word` on, one bit for each.
    package func word(_ word: Int) -> UInt64 { words[word] }

    /// Eight pieces from `first` on, a multiple of eight; sets travel as such bytes.
    package func byte(at first: Int) -> UInt8 {
        UInt8(truncatingIfNeeded: words[first / 64] >> UInt64(first % 64))
    }

    /// The reverse of `byte(at:)`: adds the pieces whose bits are set. Returns false, and adds
    /// nothing, when a bit names a piece that does not exist.
    package mutating func insert(_ byte: UInt8, at first: Int) -> Bool {
        guard first + 8 - byte.leadingZeroBitCount <= capacity || byte == 0 else { return false }
        guard byte != 0 else { return true }
        let added = UInt64(byte) << UInt64(first % 64) & ~words[first / 64]
        words[first / 64] |= added
        count += added.nonzeroBitCount
        return true
    }

    private static func bit(_ piece: PieceIndex) -> UInt64 { 1 << UInt64(piece.position % 64) }

    package func checkInvariants() {
        precondition(count == words.reduce(0) { $0 + $1.nonzeroBitCount }, "count drifted")
        precondition(count <= capacity, "bits beyond the last piece")
    }
}
