import Vocabulary

/// A fetched content whose transfer made room for another one: this rank still seeds it.
struct FetchedContent: Equatable, Sendable {
    let name: RelativePath
    let content: ContentID
    let pieceCount: Int
}
