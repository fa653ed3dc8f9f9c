import Vocabulary

/// What was fetched by an order whose transfer has made room for another: we are still a seed of
/// it.
struct FetchedContent: Equatable, Sendable {
    let name: RelativePath
    let content: ContentID
    let pieceCount: Int
}
