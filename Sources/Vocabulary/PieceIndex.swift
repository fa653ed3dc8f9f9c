/// The position of a piece in its content, from 0. A number from a message becomes one only
/// through `init(_:below:)`, so an index that exists is in range.
package struct PieceIndex: Hashable, Comparable, Sendable {
    package let raw: UInt32

    /// For a number that this rank made itself.
    package init(_ raw: Int) { self.raw = UInt32(raw) }

    /// For a number that another rank sent; nil when there is no such piece.
    package init?(_ raw: UInt32, below count: Int) {
        guard Int(raw) < count else { return nil }
        self.raw = raw
    }

    package var position: Int { Int(raw) }

    package static func < (a: PieceIndex, b: PieceIndex) -> Bool { a.raw < b.raw }
}

extension PieceIndex: CustomStringConvertible {
    package var description: String { "\(raw)" }
}
