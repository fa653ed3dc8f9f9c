/// The further settings of a staged job: the ranks that see and read the source, and the files that
/// were there before.
package struct StagedOptions: Sendable {
    /// Whether all ranks see the source, as on a shared file system, or only the source ranks.
    package var isSeenByAll = false
    /// Whether the sources keep copies of their own.
    package var sourcesKeepCopies = true
    /// The largest number of hosts that read the source.
    package var readersMax = 4
    package var ranksPerHost = 1
    /// Whether the last source has its own copy of the content on a disk of its own.
    package var hasOwnDisk = false
    /// One piece in this many on that disk is different; 0 for none.
    package var differingEvery = 0
    /// Whether a torrent or a seed file describes the source, and each source rank has only some of
    /// its pieces.
    package var isDescribed = false
    /// The number of parts in which the tree of an archive travels while one rank reads it; 0 for a
    /// source that is no archive.
    package var archiveParts = 0
    package var unpackingTime = Duration.zero
    /// Whether a later entry of the archive replaces an earlier one of the same name.
    package var repeatsName = false
    /// The shares of the pieces that a receiver has in place, and that an earlier job left.
    package var inPlaceShare = 0.0
    package var resumedShare = 0.0
    /// One piece in this many of an earlier job's is outdated; 0 for none.
    package var outdatedEvery = 0

    var isArchive: Bool { archiveParts > 0 }
    var hasOutdated: Bool { resumedShare > 0 && outdatedEvery > 0 }

    package init() {}
}
