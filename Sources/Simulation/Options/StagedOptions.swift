/// What a staged job has beside the swarm: who sees the source, who reads it, and what was there
/// before.
package struct StagedOptions: Sendable {
    /// Whether all ranks see the source, as on a shared file system, or the sources alone.
    package var isSeenByAll = false
    /// Whether the sources keep copies of their own.
    package var sourcesKeepCopies = true
    /// Hosts that read the source at most.
    package var readersMax = 4
    package var ranksPerHost = 1
    /// Whether the last source has the content on a disk of its own.
    package var hasOwnDisk = false
    /// Of what lies on that disk one piece in this many is something else; 0 for none.
    package var differingEvery = 0
    /// The part of the pieces that a receiver has in place, and the part that an earlier job left.
    package var inPlaceShare = 0.0
    package var resumedShare = 0.0
    /// Of what an earlier job left, one piece in this many is outdated; 0 for none.
    package var outdatedEvery = 0

    var hasOutdated: Bool { resumedShare > 0 && outdatedEvery > 0 }

    package init() {}
}
