package import Swarm

/// The further settings of a staged job that collects: a source on each rank or host, and a few
/// ranks that write the copies.
package struct CollectedOptions: Sendable {
    /// The largest number of ranks that write; rank 0 is one of them.
    package var writersMax = 1
    /// Whether the ranks of a host have one source together.
    package var isOfEachHost = false
    /// Whether rank 0 has a source, too.
    package var isOfFirst = false
    /// When a rank removes its source.
    package var removal = SourceRemovalRule.forEach

    package init() {}
}
