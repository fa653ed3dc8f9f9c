import Vocabulary

/// The pace at which the pieces of one content arrive, and the time to check it.
struct Pace: Sendable {
    /// The times that pieces take, from any source.
    var timing = Timing()
    /// The time to check again for pieces that are late and may be requested from another source.
    var looksAgainAt = Tick.zero
    /// Whether sources that make offers are asked directly, because they have offered nothing for
    /// too long.
    private(set) var asksDirectly = false
    /// The number of pieces that arrived since the last proof of life.
    private(set) var recentPieces = 0
    /// The approximate time at which the last piece arrived.
    private var fedAt = Tick.zero

    /// The number of pieces that arrive one after the other within two seconds, so that a slow
    /// receiver is not sent everything at once.
    var receiptsMax: Int {
        guard timing.count >= Self.receiptsMin, timing.mean > .zero else { return Self.receiptsMin }
        let perSecond = Duration.seconds(1) / timing.mean
        return max(Self.receiptsMin, Int(min(perSecond, 1000)) * 2)
    }

    static let receiptsMin = 4

    mutating func gotPiece() { recentPieces += 1 }

    /// Decides whether to ask sources that make offers. They know best which piece to send next, so
    /// they are asked only when nothing has arrived for longer than a piece takes.
    mutating func reviewHunger(
        now: Tick, isFetching: Bool, patienceMin: Duration, first: Duration
    ) {
        if recentPieces > 0 || !isFetching { fedAt = now }
        recentPieces = 0
        asksDirectly = now - fedAt >= max(patienceMin, timing.latest ?? first)
    }
}
