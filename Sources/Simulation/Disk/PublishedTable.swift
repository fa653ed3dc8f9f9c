import Vocabulary

/// The digests that a rank computed for the pieces of a content. The rank may be the publisher,
/// whose table counts.
struct PublishedTable {
    let content: ContentID
    let publisher: Rank
    let digests: [PieceDigest]
    let tableDigest: PieceDigest
    /// The table was reported to the tracker as final.
    var isSealed = false
}
