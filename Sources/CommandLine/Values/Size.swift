/// A number of bytes as a person writes it: `4096`, `64K`, `1M`, `2G`, `1T`, in powers of 1024.
package struct Size: Hashable, Sendable {
    package let bytes: Int

    package static let max = Size(bytes: .max)

    package init(bytes: Int) {
        precondition(bytes >= 0, "a size is never negative")
        self.bytes = bytes
    }

    /// Nothing if the text is no such number, or is larger than any file.
    package init?(text: String) {
        let (digits, suffix) = splitNumber(text)
        guard let count = Int(digits) else { return nil }
        let unit: Int
        switch suffix {
        case "": unit = 1
        case "K", "k": unit = 1 << 10
        case "M", "m": unit = 1 << 20
        case "G", "g": unit = 1 << 30
        case "T", "t": unit = 1 << 40
        default: return nil
        }
        let (bytes, overflow) = count.multipliedReportingOverflow(by: unit)
        guard !overflow else { return nil }
        self.bytes = bytes
    }
}

extension Size: Comparable {
    package static func < (one: Size, other: Size) -> Bool { one.bytes < other.bytes }
}

extension Size: CustomStringConvertible {
    /// The shortest text that reads back as the same size.
    package var description: String {
        let units = [(40, "T"), (30, "G"), (20, "M"), (10, "K")]
        for (exponent, suffix) in units where bytes > 0 && bytes.isMultiple(of: 1 << exponent) {
            return "\(bytes >> exponent)\(suffix)"
        }
        return "\(bytes)"
    }
}

/// The leading decimal digits, and the rest of the text. A sign or blank is no digit, so that `-1`
/// and `+1` have none.
func splitNumber(_ text: String) -> (digits: String, suffix: String) {
    let digits = text.utf8.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    return (String(decoding: digits, as: UTF8.self), String(text[digits.endIndex...]))
}
