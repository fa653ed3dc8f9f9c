/// Ranks as a person lists them: `0`, `2-5`, `0,4,8-11`. Ranges, because a list may name thousands.
package struct RankList: Hashable, Sendable {
    package let ranges: [ClosedRange<Int>]

    /// The highest rank that is accepted; no job has more ranks.
    package static let rankMax = 1_000_000

    package init?(text: String) {
        var ranges: [ClosedRange<Int>] = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let (first, rest) = splitNumber(String(part))
            guard let one = Int(first), one <= Self.rankMax else { return nil }
            guard !rest.isEmpty else {
                ranges.append(one...one)
                continue
            }
            guard rest.first == "-", let other = Int(rest.dropFirst()), other >= one,
                other <= Self.rankMax
            else { return nil }
            ranges.append(one...other)
        }
        self.ranges = ranges
    }

    package var highest: Int { ranges.map(\.upperBound).max() ?? 0 }
}

extension RankList: CustomStringConvertible {
    package var description: String {
        ranges.map { range in
            range.count == 1 ? "\(range.lowerBound)" : "\(range.lowerBound)-\(range.upperBound)"
        }.joined(separator: ",")
    }
}
