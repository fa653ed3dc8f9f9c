package import Vocabulary

/// How a rank comes to track after all that come before it.
package struct Inheritance: Equatable, Sendable {
    /// The ranks that were to track before, and the dead: it begins without them.
    package let lost: [Rank]
    /// Those of them whose end is certain. The others were only silent.
    package let dead: [Rank]

    package init(lost: [Rank], dead: [Rank] = []) {
        self.lost = lost
        self.dead = dead
    }
}
