import Vocabulary
import Wire

/// How it becomes certain that the pieces of a content are its publisher's, where the manifest has
/// no digests.
///
///     waiting for the seal → comparing digests of whole tables → (fetching the publisher's table,
///     part by part →) proven
struct Proof: Sendable {
    /// The rank that says in the end what the pieces must be; nil where the manifest does.
    var publisher: Rank?
    /// The digest of the publisher's table, once it is final.
    var seal: PieceDigest?
    /// All pieces are the publisher's, or its table is here and what comes is held to it.
    var isProven = false
    /// The publisher is gone after its seal, and it is being found out whether our table is its.
    var isWitness = false
    /// What has to be proven: all but what was in place and is believed.
    private let doubtful: PieceSet
    /// The part of the publisher's table that is awaited; what comes before it was compared.
    private(set) var awaited: Range<Int>?
    private var compared = 0
    /// How it becomes known what of it others may have.
    var confirmation = Confirmation()

    init(pieceCount: Int = 0) { doubtful = PieceSet(all: pieceCount) }

    init(_ opened: OpenedContent) {
        publisher = opened.publisher
        var doubtful = PieceSet(all: opened.geometry.pieceCount)
        var next = opened.believed.first()
        while let piece = next {
            doubtful.remove(piece)
            next = opened.believed.first(from: piece.position + 1)
        }
        self.doubtful = doubtful
        isProven = doubtful.isEmpty
        confirmation = Confirmation(opened)
    }

    mutating func begin() { compared = 0 }

    /// The next part of the table that is of interest, no longer than a message takes; nil when
    /// all was compared.
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

    /// It came. What comes twice is not compared twice.
    mutating func took() {
        if let awaited { compared = awaited.upperBound }
        awaited = nil
    }
}
