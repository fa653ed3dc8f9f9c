package import Vocabulary

/// What somebody who watches a peer would note down. Told only where the rules ask for it, each
/// by the thread that it happens to.
package enum Happening: Equatable, Sendable {
    /// What is wanted is known, and how many pieces of it are here from an earlier run.
    case began(ContentID, held: Int)
    /// The first exchange with that neighbour; either thread may tell it, or both.
    case met(Rank)
    /// Whom we serve for what they gave, where that changed.
    case preferred([Rank])
    /// Whom we serve because it is its turn, where that changed.
    case optimistic(Rank)
    case unchoked(by: Rank)
    case choked(by: Rank)
    /// A neighbour says that it got a piece of what we want or own.
    case have(PieceIndex, of: ContentID, at: Rank)
    /// A neighbour said so of a content that is cut like that: a manifest that travels as a content
    /// of its own is cut otherwise.
    case interested(Rank, in: Geometry)
    case uninterested(Rank, in: Geometry)
    /// Verified and written, and how many are here now.
    case stored(PieceIndex, of: ContentID, from: Rank, count: Int)
    /// The file is whole and has its name.
    case completed(ContentID)
}
