/// A moment in the Gregorian calendar, in universal time.
struct CalendarDate {
    private let seconds: Int64

    init(secondsSince1970 seconds: Int64) { self.seconds = seconds }

    /// `2020-09-13 12:26:40 UTC`; beyond the year 9999, or before 1970, the number of seconds.
    var text: String {
        guard (0..<253_402_300_800).contains(seconds) else { return "\(seconds) s after 1970" }
        let (year, month, day) = date
        let clock = [seconds / 3600 % 24, seconds / 60 % 60, seconds % 60].map(Self.twoDigits)
        return "\(year)-\(Self.twoDigits(month))-\(Self.twoDigits(day)) "
            + clock.joined(separator: ":") + " UTC"
    }

    /// `2020-09-13T12:26:40.250Z`, for moments of those years. A log has many of these, so the text
    /// is built without intermediate strings.
    func isoText(milliseconds: Int) -> String {
        let (year, month, day) = date
        var bytes: [UInt8] = []
        bytes.reserveCapacity(24)
        func put(_ number: Int64, _ count: Int, then mark: Character) {
            var unit: Int64 = 1
            for _ in 1..<count { unit *= 10 }
            while unit > 0 {
                bytes.append(UInt8(ascii: "0") + UInt8(number / unit % 10))
                unit /= 10
            }
            bytes.append(mark.asciiValue ?? 0)
        }
        put(year, 4, then: "-")
        put(month, 2, then: "-")
        put(day, 2, then: "T")
        put(seconds / 3600 % 24, 2, then: ":")
        put(seconds / 60 % 60, 2, then: ":")
        put(seconds % 60, 2, then: ".")
        put(Int64(milliseconds), 3, then: "Z")
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Years are counted from a first of March, so that the leap day is the last of its year.
    private var date: (year: Int64, month: Int64, day: Int64) {
        let days = seconds / 86400 + 719_468
        let era = days / 146_097
        let dayOfEra = days % 146_097
        let yearOfEra =
            (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let marchMonth = (5 * dayOfYear + 2) / 153
        let month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return (year, month, dayOfYear - (153 * marchMonth + 2) / 5 + 1)
    }

    private static func twoDigits(_ number: Int64) -> String {
        number < 10 ? "0\(number)" : "\(number)"
    }
}
