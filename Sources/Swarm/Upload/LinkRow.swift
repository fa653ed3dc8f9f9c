import Vocabulary

/// A neighbour as the upload thread sees it, over all contents.
struct LinkRow: Sendable {
    let rank: Rank
    var isChoked: Bool
    /// The number of contents of which it wants pieces from this rank.
    var interests = 0
    /// It decides by itself which pieces it sends to this rank, and has to know what is held here.
    var offers = false
    /// The bytes that it gave since the last review.
    var received = 0
    /// The sends to it under way, and its requests that wait.
    var sends = 0
    var waiting = 0
    /// The number of the last request that was not refused. A rank numbers its requests upwards.
    private var lastRequest = RequestNumber(0)
    /// The sends under way that never seem to end.
    var stuckSends = 0
    var hasOffer = false
    /// Nothing is offered to it before this time.
    var restsUntil = Tick.zero
    /// It took less than half of what this rank can send.
    var isSlow = false

    init(rank: Rank, isChoked: Bool) {
        self.rank = rank
        self.isChoked = isChoked
    }

    /// False for a request that has come before. A second payload for it would be stuck, because
    /// its receiver expects none.
    func isNew(_ request: RequestNumber) -> Bool { request.follows(lastRequest) }

    mutating func wait(for request: RequestNumber) {
        waiting += 1
        lastRequest = request
    }

    /// It is probably dead. It stays choked until it has taken everything that is under way to it.
    var isStuck: Bool { stuckSends > 0 }

    /// Whether it would ask if it were unchoked.
    var isServable: Bool { interests > 0 && !isStuck }
}
