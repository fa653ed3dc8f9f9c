package import Vocabulary

/// The paths at the destination that entries of two ranks would get: some of them, and the number
/// of the others.
package struct CollectConflicts: Equatable, Sendable {
    package struct Conflict: Equatable, Sendable {
        package let path: String
        package let first: Rank
        package let second: Rank
    }

    package let named: [Conflict]
    package let more: Int
}
