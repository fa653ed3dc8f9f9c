import Vocabulary

/// How a rank that has its own bytes of a content learns what the publisher's are, part by part,
/// so that it never serves others.
///
///     idle → awaited → taken → idle, until nothing is pending
///
/// Invariant: at most one part is awaited or taken.
struct Confirmation: Sendable {
    private var pending: PieceSet
    /// The part of the publisher's table that was asked for.
    private(set) var awaited: Range<Int>?
    /// The part that came, and is being compared with what was read here.
    private var taken: Range<Int>?

    /// Short, since the publisher has to have read all of it.
    static let partMax = 64

    init(pieceCount: Int = 0) { pending = PieceSet(none: pieceCount) }

    init(_ opened: OpenedContent) { pending = opened.unconfirmed }

    var isOver: Bool { pending.isEmpty }

    /// From the first piece in doubt on; nil when there is none.
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

    /// It was compared: what of it was in doubt.
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
