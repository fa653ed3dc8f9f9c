package import Vocabulary

/// An heir's knowledge of the job when it begins to track.
package struct Inheritance: Equatable, Sendable {
    /// The ranks that were to track before this one, and the dead: the heir begins without them.
    package let lost: [Rank]
    /// The lost ranks whose death is certain. The others were only silent.
    package let dead: [Rank]

    /// The number of leases within which the other ranks must join: each misses the last tracker
    /// after a lease of its own, and may first turn to another silent rank. A rank given up earlier
    /// would find the job over only because it noticed late.
    static let leases = 2

    package init(lost: [Rank], dead: [Rank] = []) {
        self.lost = lost
        self.dead = dead
    }
}
