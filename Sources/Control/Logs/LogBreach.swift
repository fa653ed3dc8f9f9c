/// A rule that logs break, with the first place and the number of times.
package struct LogBreach: Equatable, Sendable {
    package private(set) var first: LogFlaw
    package private(set) var count: Int
    /// Logs that break it.
    package private(set) var logCount: Int

    init(_ flaw: LogFlaw) {
        first = flaw
        count = 1
        logCount = 1
    }

    /// Another one of the same log.
    mutating func add(_ flaw: LogFlaw) {
        if flaw.line < first.line { first = flaw }
        count += 1
    }

    /// That of a later log.
    mutating func add(_ other: LogBreach) {
        count += other.count
        logCount += other.logCount
    }
}
