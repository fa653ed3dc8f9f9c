package import Vocabulary

/// A content of `collect`: the rank whose source it is, and the rank that writes its copy.
package struct CollectedContent: Equatable, Sendable {
    package let content: ContentID
    package let source: Rank
    package let writer: Rank

    package init(_ content: ContentID, of source: Rank, by writer: Rank) {
        self.content = content
        self.source = source
        self.writer = writer
    }
}
