/// Durations as a person writes them: `50us`, `200ms`, `3s`, `2m`, `1h`. A bare number other than 0
/// is refused, because half of its readers would take it for seconds and half for milliseconds.
extension Duration {
    /// From the largest unit to the smallest, in nanoseconds.
    private static let units: [(name: String, nanoseconds: Int64)] = [
        ("h", 3_600_000_000_000), ("m", 60_000_000_000), ("s", 1_000_000_000),
        ("ms", 1_000_000), ("us", 1_000),
    ]

    /// Nothing if the text is no such duration, or is more than 63 bits of nanoseconds (292 years):
    /// an accepted duration can be added to any clock reading.
    package init?(text: String) {
        if text == "0" {
            self = .zero
            return
        }
        let (digits, suffix) = splitNumber(text)
        guard let count = Int64(digits) else { return nil }
        guard let unit = Duration.units.first(where: { $0.name == suffix }) else { return nil }
        let (nanoseconds, overflow) = count.multipliedReportingOverflow(by: unit.nanoseconds)
        guard !overflow else { return nil }
        self = .nanoseconds(nanoseconds)
    }

    /// The text with the largest unit that divides the duration; less than a microsecond is cut
    /// off.
    package var shortText: String {
        let (seconds, attoseconds) = components
        let nanoseconds = seconds * 1_000_000_000 + attoseconds / 1_000_000_000
        guard nanoseconds != 0 else { return "0s" }
        for unit in Duration.units where nanoseconds.isMultiple(of: unit.nanoseconds) {
            return "\(nanoseconds / unit.nanoseconds)\(unit.name)"
        }
        return "\(nanoseconds / 1_000)us"
    }
}
