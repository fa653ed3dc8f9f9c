import Vocabulary

/// Decides which neighbours an uploader serves. The number of sends at once is set elsewhere.
protocol Choker: Sendable {
    /// Whether a new neighbour has to wait for a review.
    var chokesNewcomers: Bool { get }

    var nextReview: Tick { get }

    /// The neighbours that the last review chose for what they gave, and the one in turn.
    var preferred: [Int] { get }
    var optimistic: Int? { get }

    /// A neighbour became interested or ceased to be, so a place may be free.
    mutating func interestChanged()

    /// The neighbours to serve from now on, as positions in `links`; nil where nothing changes.
    /// Safe to call early or late. Counts what links gave since the last review.
    mutating func review(
        _ links: inout [LinkRow], isComplete: Bool, now: Tick, chance: inout Chance
    ) -> [Int]?
}

/// Serves every neighbour.
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
