package import Swarm
package import Vocabulary

/// The warnings of all trackers, each with its time.
package struct JobWarnings: Sendable {
    package private(set) var rows: [(warning: TrackerWarning, time: Tick)] = []

    mutating func add(_ warnings: [TrackerWarning], at time: Tick) {
        rows += warnings.map { ($0, time) }
    }
}
