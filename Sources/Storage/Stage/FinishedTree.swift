import Content
import Vocabulary

/// A content that has its name.
struct FinishedTree: Sendable {
    let content: ContentID
    let want: WantNumber
    let manifest: TreeManifest
    /// Nil where the copy is only checked.
    let tree: StagedTree?

    /// Whether the copy at this rank, if it keeps one, has its names.
    var isIntact: Bool { tree.map { !$0.hasLostCopy } ?? true }
}
