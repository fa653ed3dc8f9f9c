import Vocabulary

/// A rank's interest in a content that was not open here when it arrived.
struct EarlyInterest: Equatable, Sendable {
    let content: ContentID
    let rank: Rank
}
