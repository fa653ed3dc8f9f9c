import Vocabulary

/// A request for a part of a digest table, and its sender.
struct TableAsk: Equatable {
    let content: ContentID
    let first: Int
    let count: Int
    let to: Rank

    /// Further requests are forgotten: a rank without an answer asks again.
    static let waitingMax = 4096
}
