/// Seeds of runs that are otherwise the same: `5` is seeds 1 to 5, `17..17` is seed 17.
package struct SeedRange: Hashable, Sendable {
    package let range: ClosedRange<Int>

    package init(_ range: ClosedRange<Int>) { self.range = range }

    package init?(text: String) {
        let (first, rest) = splitNumber(text)
        guard let one = Int(first), one > 0 else { return nil }
        guard !rest.isEmpty else {
            range = 1...one
            return
        }
        let (last, end) = splitNumber(String(rest.drop { $0 == "." }))
        guard rest.hasPrefix(".."), rest.count == last.count + 2, end.isEmpty,
            let other = Int(last), other >= one
        else { return nil }
        range = one...other
    }
}

extension SeedRange: CustomStringConvertible {
    package var description: String {
        range.lowerBound == 1 ? "\(range.upperBound)" : "\(range.lowerBound)..\(range.upperBound)"
    }
}
