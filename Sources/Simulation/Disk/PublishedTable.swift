import Vocabulary

/// What a publisher said that the pieces of a content are.
struct PublishedTable {
    let content: ContentID
    let publisher: Rank
    let digests: [PieceDigest]
}
