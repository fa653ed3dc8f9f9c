import Vocabulary

/// A request on its way through an uploader.
struct SendRow: Sendable {
    /// waiting → reading → ready → sending.
    enum Stage {
        case waiting, reading, ready, sending
    }

    let ticket: ReadTicket
    let content: Int
    let piece: PieceIndex
    let byteCount: Int
    let request: RequestNumber
    let link: Int
    var stage = Stage.waiting
    /// Returned by the read.
    var digest: PieceDigest?
    var timing = SendTiming()
    /// It does not count as active.
    var isSlow = false
    /// It counts neither as active nor as slow.
    var isStuck = false

    /// Whether it is being read, or has been read and waits for its send.
    var isAhead: Bool { stage == .reading || stage == .ready }

    init(
        ticket: ReadTicket, content: Int, piece: PieceIndex, byteCount: Int,
        request: RequestNumber, link: Int
    ) {
        self.ticket = ticket
        self.content = content
        self.piece = piece
        self.byteCount = byteCount
        self.request = request
        self.link = link
    }
}

/// An offer that has no answer yet.
struct OfferRow: Sendable {
    let number: UInt32
    let link: Int
    let content: Int
    /// The first offered piece. It counts as served until the answer comes, so that the next offer
    /// names others.
    let piece: PieceIndex
    /// The number of sends that share the link; 0 if they do not.
    let places: Int
    let sentAt: Tick

    /// The receiver answers when it has room, and others are made an offer meanwhile.
    var mayWait: Bool { places > 0 }
}
