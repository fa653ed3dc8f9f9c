/// How fast a link is, as a person writes it: `400K`, `100M`, `25G` bits a second, in powers of
/// 1000, or `unlimited`.
package struct Rate: Hashable, Sendable {
    /// Nothing where there is no limit.
    package let bitsPerSecond: Int?

    package static let unlimited = Rate(bitsPerSecond: nil)

    package init(bitsPerSecond: Int?) {
        precondition(bitsPerSecond.map { $0 > 0 } ?? true, "a rate is more than nothing")
        self.bitsPerSecond = bitsPerSecond
    }

    /// Nothing where the text is no such rate, or none at all: at zero nothing ever ends.
    package init?(text: String) {
        guard text != "unlimited" else {
            self = .unlimited
            return
        }
        let (digits, suffix) = splitNumber(text)
        guard let count = Int(digits), count > 0, let unit = Self.units[suffix] else { return nil }
        let (bits, overflow) = count.multipliedReportingOverflow(by: unit)
        guard !overflow else { return nil }
        bitsPerSecond = bits
    }

    private static let units = [
        "": 1, "K": 1000, "k": 1000, "M": 1_000_000, "m": 1_000_000, "G": 1_000_000_000,
        "g": 1_000_000_000, "T": 1_000_000_000_000, "t": 1_000_000_000_000,
    ]

    /// Infinite where there is no limit.
    package var bytesPerSecond: Double { bitsPerSecond.map { Double($0) / 8 } ?? .infinity }
}

extension Rate: CustomStringConvertible {
    /// The shortest text that reads back as the same rate.
    package var description: String {
        guard let bitsPerSecond else { return "unlimited" }
        for (unit, suffix) in [
            (1_000_000_000_000, "T"), (1_000_000_000, "G"), (1_000_000, "M"), (1000, "K"),
        ] where bitsPerSecond.isMultiple(of: unit) {
            return "\(bitsPerSecond / unit)\(suffix)"
        }
        return "\(bitsPerSecond)"
    }
}
