import Vocabulary

/// What a rank found that the pieces of a content are, which may be what its publisher says.
struct PublishedTable {
    let content: ContentID
    let publisher: Rank
    let digests: [PieceDigest]
    let tableDigest: PieceDigest
    /// It was reported as final.
    var isSealed = false
}
