import Vocabulary

/// A request for a part of a digest table that came before its content was open here.
struct EarlyTableRequest: Equatable, Sendable {
    let content: ContentID
    let first: UInt32
    let count: UInt32
    let by: Rank
}
