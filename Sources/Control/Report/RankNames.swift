package import Vocabulary

/// What users call the ranks of a job: by their numbers, unless the input has names for them.
package struct RankNames: Sendable {
    private let names: [Rank: String]

    package init(_ names: [Rank: String] = [:]) { self.names = names }

    package subscript(rank: Rank) -> String { names[rank] ?? "rank \(rank)" }
}
