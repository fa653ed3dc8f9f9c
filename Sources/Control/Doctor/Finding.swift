/// One line of `mpiswarm doctor`: what was found, and what to do about it.
package struct Finding: Equatable, Sendable {
    package enum Level: String, Comparable, Sendable {
        case fine = "ok"
        /// The job works, though less well than it could.
        case warning = "warning"
        /// The job cannot work.
        case failure = "FAILURE"

        private var weight: Int { self == .fine ? 0 : self == .warning ? 1 : 2 }

        package static func < (one: Level, other: Level) -> Bool { one.weight < other.weight }
    }

    package let level: Level
    package let subject: String
    package let words: String
    /// Empty where there is nothing to do.
    package let advice: String

    package init(_ level: Level, _ subject: String, _ words: String, advice: String = "") {
        self.level = level
        self.subject = subject
        self.words = words
        self.advice = advice
    }
}
