/// One process of the job, as MPI numbers them. Rank 0 is always a tracker.
package struct Rank: Hashable, Comparable, Sendable {
    package let raw: Int32

    package init(_ raw: Int32) {
        precondition(raw >= 0, "a rank is never negative")
        self.raw = raw
    }

    package static let first = Rank(0)

    package static func < (a: Rank, b: Rank) -> Bool { a.raw < b.raw }
}

extension Rank: CustomStringConvertible {
    package var description: String { "\(raw)" }
}
