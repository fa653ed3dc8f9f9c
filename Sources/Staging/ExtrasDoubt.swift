package import Vocabulary

/// The reason why it is not known what a copy has beyond its sources.
package enum ExtrasDoubt: Equatable, Sendable {
    /// The rank was lost before the plan was made, and may have had a source.
    case lost(Rank)
    /// Part of a source could not be read.
    case unreadable
    /// A source has more entries that are no file, folder or link than are named.
    case special
}
