import Vocabulary

/// Users want to know which pieces of a content a rank has. The answer comes in pages.
struct HoldingQuery: Sendable {
    let content: ContentID
    let rank: Rank
    var tickets: [OrderTicket]
    /// What has come; nil before the first page.
    var pieces: PieceSet?

    /// Ranks that do not answer are forgotten when this many are asked.
    static let countMax = 256
}
