import Vocabulary

/// Checks the bytes that a rank has of a content against the publisher's digests, part by part, so
/// that the rank never serves different bytes. Digests that sources contradict are requested again
/// in the same way.
///
///     idle → awaited → taken → idle, until nothing is pending or contradicted
///
/// Invariant: at most one part is awaited or taken.
struct Confirmation: Sendable {
    private var pending: PieceSet
    /// The part of the publisher's table that was requested.
    private(set) var awaited: Range<Int>?
    /// The part that arrived, and is being compared with the pieces here.
    private var taken: Range<Int>?
    /// The pieces whose digests the publisher has sent.
    private var known: PieceSet
    /// Those of them that a source has sent with other bytes: the message with the digest may have
    /// been spoilt on its way.
    private var contradicted: PieceSet

    /// The length of a part. It is short, because the publisher must have read the whole part
    /// before it can answer.
    static let partMax = 64

    init(pieceCount: Int = 0) { self.init(pending: PieceSet(none: pieceCount)) }

    init(_ opened: OpenedContent) { self.init(pending: opened.unconfirmed) }

    private init(pending: PieceSet) {
        self.pending = pending
        known = PieceSet(none: pending.capacity)
        contradicted = known
    }

    var isOver: Bool { pending.isEmpty }

    /// Whether the publisher has sent the digest of a piece.
    func hasDigest(of piece: PieceIndex) -> Bool { known.contains(piece) }

    /// Whether digests that a source contradicts are still to come again.
    var isContradicted: Bool { !contradicted.isEmpty }

    /// Returns false if a part is awaited or taken, after which the piece follows.
    mutating func contradicts(_ piece: PieceIndex) -> Bool {
        contradicted.insert(piece)
        return awaited == nil && taken == nil
    }

    /// The next part, from the first piece in doubt on; nil if there is none. Contradicted pieces
    /// come first, because their sources are not asked meanwhile.
    mutating func nextPart() -> Range<Int>? {
        precondition(awaited == nil && taken == nil, "one part after the other")
        guard let first = (contradicted.first() ?? pending.first())?.position else { return nil }
        awaited = first..<min(first + Self.partMax, pending.capacity)
        return awaited
    }

    mutating func took() {
        taken = awaited
        if let awaited { noteDigests(of: awaited) }
        awaited = nil
    }

    mutating func noteDigests(of part: Range<Int>) {
        for position in part { known.insert(PieceIndex(position)) }
    }

    /// Ends the comparison of a part, and returns its pieces that were in doubt.
    mutating func compared() -> [PieceIndex] {
        guard let part = taken else { return [] }
        taken = nil
        for position in part { contradicted.remove(PieceIndex(position)) }
        var pieces: [PieceIndex] = []
        while let piece = pending.first(from: part.lowerBound), piece.position < part.upperBound {
            pending.remove(piece)
            pieces.append(piece)
        }
        return pieces
    }
}
