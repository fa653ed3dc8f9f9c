/// What a rank offers, and what it cannot.
package struct SharingState: Sendable {
    /// How many files are offered, of how many that were found.
    package let done: Int
    package let found: Int
    /// How many more cannot be offered.
    package let refused: Int
    /// The first of those, and why.
    package let first: [(name: String, reason: String)]

    /// That many are named.
    package static let refusalsMax = 20

    package init(
        done: Int, found: Int, refused: Int = 0, first: [(name: String, reason: String)] = []
    ) {
        self.done = done
        self.found = found
        self.refused = refused
        self.first = first
    }
}
