import Vocabulary

/// Who is interested in a content that was not open here when it said so.
struct EarlyInterest: Equatable, Sendable {
    let content: ContentID
    let rank: Rank
}
