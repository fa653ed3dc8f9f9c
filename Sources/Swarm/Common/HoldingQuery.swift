import Vocabulary

/// A user's question which pieces of a content a rank has. The answer comes in pages.
struct HoldingQuery: Sendable {
    let content: ContentID
    let rank: Rank
    var tickets: [OrderTicket]
    /// The pieces of the pages so far; nil before the first one.
    var pieces: PieceSet?

    /// Beyond this number of queries, those that were not answered are forgotten.
    static let countMax = 256
}
