package import Swarm

/// A note of the download thread of a rank, or of its end, to the thread that tracks on that rank
/// when all trackers before it are gone.
package enum HeirNote: Equatable, Sendable {
    /// Track from now on.
    case takeOver(Inheritance)
    /// A rank that comes before this one tracks again: this account counts no more.
    case standDown
    /// The peer of this rank has ended. It tracked itself, if it was to.
    case ended
}
