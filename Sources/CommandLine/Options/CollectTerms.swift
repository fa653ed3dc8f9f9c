/// The options that `collect` has and `stage` does not.
package struct CollectTerms: Hashable, Sendable {
    /// SOURCE as it was typed, before `{rank}` and `{host}` are replaced.
    package let source: String
    /// Whether each rank removes from its SOURCE what has its final names at DEST.
    package var removesSource = false
    /// The number of ranks that may write to DEST at the same time.
    package var writersMax = 1

    /// Whether each rank has a SOURCE of its own.
    package var isOfEachRank: Bool { source.contains(Placeholder.rank.rawValue) }

    init(source: String) { self.source = source }
}
