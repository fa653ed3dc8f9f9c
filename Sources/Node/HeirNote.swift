package import Swarm

/// A note from the download thread of a rank, or about its end, to the thread that tracks on that
/// rank when all trackers before it are gone.
package enum HeirNote: Equatable, Sendable {
    /// Track from now on.
    case takeOver(Inheritance)
    /// A rank that comes before this one tracks again: the account of this rank no longer counts.
    case standDown
    /// The peer of this rank has ended. If this rank was to track, `takeOver` came before.
    case ended
}
