import Vocabulary

/// A set of pieces as users see it.
extension PieceSet {
    private static let rangesPerLine = 256

    /// The lines of the answer, each with no more ranges than a reader can take in.
    func lines(at rank: Rank) -> [Answer] {
        let ranges = rangesOfPieces
        let starts =
            ranges.isEmpty ? [0] : Array(stride(from: 0, to: ranges.count, by: Self.rangesPerLine))
        return starts.map { start in
            let some = ranges[start..<min(start + Self.rangesPerLine, ranges.count)]
            return Answer(
                ("rank", .number(Int64(rank.raw))), ("pieces", .number(Int64(count))),
                ("of", .number(Int64(capacity))),
                ("ranges", .text(some.map(Self.words).joined(separator: ","))))
        }
    }

    private static func words(_ range: ClosedRange<Int>) -> String {
        range.count == 1 ? "\(range.lowerBound)" : "\(range.lowerBound)-\(range.upperBound)"
    }

    /// Ranges of consecutive piece numbers, counted from 0.
    private var rangesOfPieces: [ClosedRange<Int>] {
        var ranges: [ClosedRange<Int>] = []
        var next = first()
        while let piece = next {
            let position = piece.position
            if let last = ranges.last, last.upperBound + 1 == position {
                ranges[ranges.count - 1] = last.lowerBound...position
            } else {
                ranges.append(position...position)
            }
            next = first(from: position + 1)
        }
        return ranges
    }
}
