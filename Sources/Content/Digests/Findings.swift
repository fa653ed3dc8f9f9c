/// The differences of a content from its metainfo.
package struct Findings: Equatable, Sendable {
    /// One for each piece of the plan.
    package private(set) var isBad: [Bool]
    /// The result for a seed file's digest of all bytes, independently of the pieces. Nil in other
    /// formats.
    package internal(set) var wholeIsGood: Bool?

    init(pieceCount: Int) { isBad = [Bool](repeating: false, count: pieceCount) }

    mutating func markBad(_ piece: Int) { isBad[piece] = true }

    package var badCount: Int { isBad.reduce(0) { $0 + ($1 ? 1 : 0) } }

    /// The bad pieces among these, neighbours joined.
    package func badRanges(in pieces: Range<Int>) -> [ClosedRange<Int>] {
        var ranges: [ClosedRange<Int>] = []
        for piece in pieces where isBad[piece] {
            if let last = ranges.last, last.upperBound == piece - 1 {
                ranges[ranges.count - 1] = last.lowerBound...piece
            } else {
                ranges.append(piece...piece)
            }
        }
        return ranges
    }

    /// Marks each piece whose digest is not the one of `table`.
    mutating func compare(_ digests: PieceDigests, with table: DigestTable, from first: Int = 0) {
        for position in 0..<table.count where !digests.matches(table[position], at: position) {
            markBad(first + position)
        }
    }
}
