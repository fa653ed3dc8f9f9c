/// The speed of a link, as a person writes it: in bits a second (`400kbit`, `100Mbit`,
/// `25Gbit/s`), in bytes a second (`12MB/s`, `12MiB/s`), or `unlimited`. A number without a unit
/// (`409600`, `100M`) is in bits a second, in powers of 1000.
package struct Rate: Hashable, Sendable {
    /// Nothing where there is no limit.
    package let bitsPerSecond: Int?

    package static let unlimited = Rate(bitsPerSecond: nil)

    package init(bitsPerSecond: Int?) {
        precondition(bitsPerSecond.map { $0 > 0 } ?? true, "a rate is more than nothing")
        self.bitsPerSecond = bitsPerSecond
    }

    /// Nothing where the text is no such rate, or is zero: at zero no transfer ever ends.
    package init?(text: String) {
        guard text != "unlimited" else {
            self = .unlimited
            return
        }
        let (digits, suffix) = splitNumber(text)
        guard let count = Int(digits), count > 0, let unit = Self.bits(in: suffix) else {
            return nil
        }
        let (bits, overflow) = count.multipliedReportingOverflow(by: unit)
        guard !overflow else { return nil }
        bitsPerSecond = bits
    }

    /// The bits in one of what a suffix stands for. `Mb` is refused, because half of its readers
    /// would take it for bits and half for bytes.
    private static func bits(in suffix: String) -> Int? {
        var rest = suffix[...]
        var unit = 1
        if let prefix = rest.first.map({ Character($0.lowercased()) }),
            let power = "kmgt".firstIndex(of: prefix)
        {
            rest.removeFirst()
            let isBinary = rest.hasPrefix("iB")
            if isBinary { rest.removeFirst() }
            for _ in "kmgt"[...power] { unit *= isBinary ? 1024 : 1000 }
        }
        switch rest {
        case "", "bit", "bit/s": return unit
        case "B", "B/s": return unit * 8
        default: return nil
        }
    }

    /// Infinite where there is no limit.
    package var bytesPerSecond: Double { bitsPerSecond.map { Double($0) / 8 } ?? .infinity }
}

extension Rate: CustomStringConvertible {
    /// The shortest text with a unit that reads back as the same rate.
    package var description: String {
        guard let bitsPerSecond else { return "unlimited" }
        for (unit, prefix) in [
            (1_000_000_000_000, "T"), (1_000_000_000, "G"), (1_000_000, "M"), (1000, "k"),
        ] where bitsPerSecond.isMultiple(of: unit) {
            return "\(bitsPerSecond / unit)\(prefix)bit"
        }
        return "\(bitsPerSecond)bit"
    }
}
