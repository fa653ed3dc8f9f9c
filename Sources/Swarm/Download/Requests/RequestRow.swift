import Vocabulary

/// One request under way. Rows with a lent buffer live until the buffer is back.
struct RequestRow: Sendable {
    /// asked → (arrived →) keeping; or asked → late, when the piece is free again but what comes
    /// is used; late → withdrawn, when the buffer was asked back.
    enum Stage {
        case asked, keeping, late, withdrawn
    }

    let number: RequestNumber
    let transfer: TransferIndex
    let piece: PieceIndex
    let source: Rank
    let sentAt: Tick
    /// The source offered it.
    let isOffered: Bool
    var stage = Stage.asked
    /// Since when the source says that it is coming: only then is what arrived known to be whole.
    var acknowledgedAt: Tick?
    var arrivedCount: Int?
    /// What the source says that the piece must be, where the manifest does not.
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

    /// Its piece counts as in flight.
    var isUnderWay: Bool { stage == .asked || stage == .keeping }
}
