package import Vocabulary

/// How a rank comes to track after all that come before it.
package struct Inheritance: Equatable, Sendable {
    /// The ranks that were to track before, and the dead: it begins without them.
    package let lost: [Rank]
    /// Those of them whose end is certain. The others were only silent.
    package let dead: [Rank]

    /// The number of leases that the others have for joining: each misses the last tracker after a
    /// lease of its own, and may first turn to another rank that is silent. A rank given up earlier
    /// would find the job over, though its only fault is that it noticed late.
    static let leases = 2

    package init(lost: [Rank], dead: [Rank] = []) {
        self.lost = lost
        self.dead = dead
    }
}
