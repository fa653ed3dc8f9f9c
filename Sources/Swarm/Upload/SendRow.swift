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
    /// Came with what was read.
    var digest: PieceDigest?
    var startedAt = Tick.zero
    /// When it should be about to end, and when it has taken twice as long as it should.
    var nearEnd = Tick.never
    var slowAt = Tick.never
    /// Does not count as active.
    var isSlow = false
    /// When it has taken so long that the receiver is likely to be dead.
    var stuckAt = Tick.never
    /// Counts neither as active nor as slow.
    var isStuck = false

    /// Read, or being read, before it can be sent.
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

/// An offer that is not answered yet.
struct OfferRow: Sendable {
    let number: UInt32
    let link: Int
    let content: Int
    /// The first one offered. It counts as served until the answer comes, so that the next offer
    /// names others.
    let piece: PieceIndex
    let sentAt: Tick
}
