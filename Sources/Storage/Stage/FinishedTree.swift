import Vocabulary

/// A content that has its name.
struct FinishedTree: Sendable {
    let want: WantNumber
    let tree: StagedTree
}
