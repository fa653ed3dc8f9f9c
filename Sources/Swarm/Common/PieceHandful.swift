package import Vocabulary

/// A few pieces without heap memory: as many as one announcement mostly has.
package struct PieceHandful: Equatable, Sendable {
    private var raw = SIMD4<UInt32>()
    package private(set) var count = 0

    package init() {}

    package init(_ piece: PieceIndex) { append(piece) }

    var isFull: Bool { count == raw.scalarCount }

    /// Only while it is not full.
    mutating func append(_ piece: PieceIndex) {
        raw[count] = piece.raw
        count += 1
    }

    subscript(place: Int) -> PieceIndex { PieceIndex(Int(raw[place])) }
}
