package import Vocabulary

/// An event of a peer that an observer may log. Reported only where the rules ask for it, by the
/// thread on which it happened.
package enum Happening: Equatable, Sendable {
    /// A wanted content is known, and `held` of its pieces are here from an earlier run.
    case began(ContentID, held: Int)
    /// The first contact with that neighbour. Either thread may report it, or both.
    case met(Rank)
    /// The preferred neighbours, which are served for what they gave, have changed.
    case preferred([Rank])
    /// The optimistic neighbour, which is served because it is its turn, has changed.
    case optimistic(Rank)
    case unchoked(by: Rank)
    case choked(by: Rank)
    /// A neighbour announced a piece of a content that this rank wants or owns.
    case have(PieceIndex, of: ContentID, at: Rank)
    /// A neighbour became interested. The geometry distinguishes a file from its manifest, which
    /// may travel as a content of its own.
    case interested(Rank, in: Geometry)
    case uninterested(Rank, in: Geometry)
    /// A piece was verified and written; `count` of them are here now.
    case stored(PieceIndex, of: ContentID, from: Rank, count: Int)
    /// The file is complete and has its name.
    case completed(ContentID)
}
