import Vocabulary

/// One request under way. A row with a lent buffer lives until the buffer is back.
struct RequestRow: Sendable {
    /// asked → (arrived →) keeping; or asked → late, when the piece is queued again but is used if
    /// it arrives; late → withdrawn, when the buffer is being withdrawn.
    enum Stage {
        case asked, keeping, late, withdrawn
    }

    let number: RequestNumber
    let transfer: TransferIndex
    let piece: PieceIndex
    let source: Rank
    let sentAt: Tick
    /// Whether the request accepts an offer.
    let isOffered: Bool
    var stage = Stage.asked
    /// The time at which the source promised the piece; without a promise no payload counts as
    /// complete.
    var acknowledgedAt: Tick?
    var arrivedCount: Int?
    /// The digest that the source sent for the piece, if the manifest has none.
    var digest: PieceDigest?

    init(
        number: RequestNumber, transfer: TransferIndex, piece: PieceIndex, source: Rank,
        sentAt: Tick,
        isOffered: Bool = false
    ) {
        self.number = number
        self.transfer = transfer
        self.piece = piece
        self.source = source
        self.sentAt = sentAt
        self.isOffered = isOffered
    }

    /// Whether the piece of this request counts as in flight.
    var isUnderWay: Bool { stage == .asked || stage == .keeping }
}
