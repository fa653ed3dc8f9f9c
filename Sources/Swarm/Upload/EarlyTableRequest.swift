import Vocabulary

/// Who asked for a part of a table of digests before its content was open here.
struct EarlyTableRequest: Equatable, Sendable {
    let content: ContentID
    let first: UInt32
    let count: UInt32
    let by: Rank
}
