import Vocabulary
import Wire

/// The proof that the pieces of a content are its publisher's, where the manifest has no digests.
///
///     waiting for the seal → comparing digests of whole tables → (fetching the publisher's table,
///     part by part →) proven
struct Proof: Sendable {
    /// The rank whose digests count; nil if the manifest has them.
    var publisher: Rank?
    /// Whether the publisher is known to be dead, and no other rank has taken its place.
    var isOrphaned = false
    /// Whether this rank is the publisher, and its table will never be complete.
    var isResigned = false
    /// The digest of the publisher's table, once that table is final.
    var seal: PieceDigest?
    /// Whether all pieces are the publisher's, or its table is here and verifies new pieces.
    var isProven = false
    /// Whether this rank has taken over as publisher and sees the source: its table counts when the
    /// store has compared the copy with that source.
    var awaitsOwnTable = false
    /// Whether the publisher is gone after its seal, and this rank's table is being compared with
    /// the seal.
    var isWitness = false
    private let mayBeInDoubt: Bool
    /// The pieces that other ranks may have once all pieces are proven.
    private var heldBack: PieceSet
    /// The pieces that need proof: all but those that were trusted in place.
    private let doubtful: PieceSet
    /// The part of the publisher's table that is awaited; earlier parts were compared.
    private(set) var awaited: Range<Int>?
    private var compared = 0
    /// Whether the store is comparing a part. A second comparison meanwhile would find nothing
    /// wrong with pieces that the first one has dropped, and might be answered first.
    private(set) var isComparing = false
    /// The check of pieces before other ranks may have them.
    var confirmation = Confirmation()

    init(pieceCount: Int = 0) {
        doubtful = PieceSet(all: pieceCount)
        mayBeInDoubt = false
        heldBack = PieceSet(none: pieceCount)
    }

    /// `earlier` has the news that came while the store was opening the content.
    init(_ opened: OpenedContent, after earlier: Proof) {
        publisher = opened.publisher
        if opened.publisher != nil { publisher = earlier.publisher ?? publisher }
        seal = earlier.seal
        var doubtful = PieceSet(all: opened.geometry.pieceCount)
        var next = opened.believed.first()
        while let piece = next {
            doubtful.remove(piece)
            next = opened.believed.first(from: piece.position + 1)
        }
        self.doubtful = doubtful
        mayBeInDoubt = opened.isInDoubt
        heldBack = opened.unproven
        isProven = doubtful.isEmpty
        confirmation = Confirmation(opened)
    }

    /// Whether pieces may be those of another content.
    var isInDoubt: Bool { mayBeInDoubt && !confirmation.isOver || !heldBack.isEmpty }

    mutating func begin() { compared = 0 }

    /// Ends the proof, and returns the pieces that were held back.
    mutating func end() -> PieceSet {
        isProven = true
        defer { heldBack = PieceSet(none: heldBack.capacity) }
        return heldBack
    }

    /// The next part of the table that matters, no longer than fits into a message; nil if all was
    /// compared.
    mutating func nextPart() -> Range<Int>? {
        awaited = nil
        guard let first = doubtful.first(from: compared)?.position else { return nil }
        var end = first + 1
        while end < doubtful.capacity, end - first < DigestPage.countMax,
            doubtful.contains(PieceIndex(end))
        {
            end += 1
        }
        awaited = first..<end
        return awaited
    }

    /// Notes that the awaited part has arrived, so that a second copy is not compared again.
    mutating func took() {
        if let awaited {
            compared = awaited.upperBound
            confirmation.noteDigests(of: awaited)
        }
        awaited = nil
        isComparing = true
    }

    mutating func wasCompared() { isComparing = false }
}
