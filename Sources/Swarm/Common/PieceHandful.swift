package import Vocabulary

/// A few pieces without heap memory; an announcement seldom has more.
package struct PieceHandful: Equatable, Sendable {
    private var raw = SIMD4<UInt32>()
    package private(set) var count = 0

    package init() {}

    package init(_ piece: PieceIndex) { append(piece) }

    var isFull: Bool { count == raw.scalarCount }

    /// To be called only while there is room.
    mutating func append(_ piece: PieceIndex) {
        raw[count] = piece.raw
        count += 1
    }

    subscript(place: Int) -> PieceIndex { PieceIndex(Int(raw[place])) }
}
