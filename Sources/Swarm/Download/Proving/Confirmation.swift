import Vocabulary

/// Checks the bytes that a rank has of a content against the publisher's digests, part by part, so
/// that the rank never serves different bytes.
///
///     idle → awaited → taken → idle, until nothing is pending
///
/// Invariant: at most one part is awaited or taken.
struct Confirmation: Sendable {
    private var pending: PieceSet
    /// The part of the publisher's table that was requested.
    private(set) var awaited: Range<Int>?
    /// The part that arrived, and is being compared with the pieces here.
    private var taken: Range<Int>?

    /// The length of a part. It is short, because the publisher must have read the whole part
    /// before it can answer.
    static let partMax = 64

    init(pieceCount: Int = 0) { pending = PieceSet(none: pieceCount) }

    init(_ opened: OpenedContent) { pending = opened.unconfirmed }

    var isOver: Bool { pending.isEmpty }

    /// The next part, from the first piece in doubt on; nil if there is none.
    mutating func nextPart() -> Range<Int>? {
        precondition(awaited == nil && taken == nil, "one part after the other")
        guard let first = pending.first()?.position else { return nil }
        awaited = first..<min(first + Self.partMax, pending.capacity)
        return awaited
    }

    mutating func took() {
        taken = awaited
        awaited = nil
    }

    /// Ends the comparison of a part, and returns its pieces that were in doubt.
    mutating func compared() -> [PieceIndex] {
        guard let part = taken else { return [] }
        taken = nil
        var pieces: [PieceIndex] = []
        while let piece = pending.first(), piece.position < part.upperBound {
            pending.remove(piece)
            pieces.append(piece)
        }
        return pieces
    }
}
