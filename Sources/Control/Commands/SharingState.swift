/// The files that a rank offers, and those that it cannot offer.
package struct SharingState: Sendable {
    /// The number of files that are offered, of the number that were found.
    package let done: Int
    package let found: Int
    /// The number of files that cannot be offered.
    package let refused: Int
    /// The first of those files, with the reasons.
    package let first: [(name: String, reason: String)]

    /// The number of those files that are named.
    package static let refusalsMax = 20

    package init(
        done: Int, found: Int, refused: Int = 0, first: [(name: String, reason: String)] = []
    ) {
        self.done = done
        self.found = found
        self.refused = refused
        self.first = first
    }

    /// The numbers, and a line for each file that is not offered.
    var lines: [Answer] {
        let counts = Answer(
            ("sharing", .text("sharing")), ("files", .number(Int64(done))),
            ("found", .number(Int64(found))), ("refused", .number(Int64(refused))))
        return [counts]
            + first.map { item in
                Answer(
                    ("state", .text("not offered")), ("name", .text(item.name)),
                    ("reason", .text(item.reason)))
            }
    }
}
