import Vocabulary

/// Decides whom an uploader serves. How many it serves at once is another number.
protocol Choker: Sendable {
    /// Whether whoever turns up has to wait for a review.
    var chokesNewcomers: Bool { get }

    var nextReview: Tick { get }

    /// Whom the last review chose for what they gave, and whom because it was its turn.
    var preferred: [Int] { get }
    var optimistic: Int? { get }

    /// Somebody became interested or ceased to be: a place may be free.
    mutating func interestChanged()

    /// Whom to serve from now on, as positions in `links`; nil when nothing changes. Safe to call
    /// early or late. What links gave counts from the last time it was weighed.
    mutating func review(
        _ links: inout [LinkRow], isComplete: Bool, now: Tick, chance: inout Chance
    ) -> [Int]?
}

/// Everybody is served.
struct OpenChoker: Choker {
    var chokesNewcomers: Bool { false }
    var nextReview: Tick { .never }
    var preferred: [Int] { [] }
    var optimistic: Int? { nil }

    mutating func interestChanged() {}

    mutating func review(
        _ links: inout [LinkRow], isComplete: Bool, now: Tick, chance: inout Chance
    ) -> [Int]? { nil }
}
