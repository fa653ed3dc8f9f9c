import Vocabulary

/// A part of a content's table of digests, and who asked for it.
struct TableAsk: Equatable {
    let content: ContentID
    let first: Int
    let count: Int
    let to: Rank

    /// More than this are forgotten: whoever is not answered asks again.
    static let waitingMax = 4096
}
