package import Vocabulary

/// The names of ranks in messages: their numbers, unless the input has names for them.
package struct RankNames: Sendable {
    private let names: [Rank: String]

    package init(_ names: [Rank: String] = [:]) { self.names = names }

    package subscript(rank: Rank) -> String { names[rank] ?? "rank \(rank)" }
}
