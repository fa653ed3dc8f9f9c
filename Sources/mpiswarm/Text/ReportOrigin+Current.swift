import Control

extension ReportOrigin {
    /// The origin of a page that this process writes now.
    static var current: ReportOrigin {
        let date = CalendarDate(secondsSince1970: Int64(wallClock() / 1_000_000_000))
        let words = ["mpiswarm"] + CommandLine.arguments.dropFirst()
        return ReportOrigin(
            date: date.text, version: Version.text,
            command: words.map(shellWord).joined(separator: " "))
    }
}

/// The word as a shell reads it back.
func shellWord(_ word: String) -> String {
    let plain = word.unicodeScalars.allSatisfy {
        $0.isASCII
            && ($0.properties.isAlphabetic || "0123456789-_./,:=+@%".unicodeScalars.contains($0))
    }
    if plain, !word.isEmpty { return word }
    let parts = word.split(separator: "'", omittingEmptySubsequences: false)
    return "'" + parts.joined(separator: "'\\''") + "'"
}
