import Vocabulary

/// How quickly the pieces of one content come, and when that has to be looked at.
struct Pace: Sendable {
    /// How long pieces take, from any source.
    var timing = Timing()
    /// When another source may be asked for a piece that one is late with, though nothing happens.
    var looksAgainAt = Tick.zero
    /// Sources that offer have offered nothing for too long: they are asked.
    private(set) var asksDirectly = false
    /// Pieces that came since the last proof of life.
    private(set) var recentPieces = 0
    /// About when the last one came.
    private var fedAt = Tick.zero

    mutating func gotPiece() { recentPieces += 1 }

    /// Those that offer know best what to send next, so they are asked only when nothing has come
    /// for longer than pieces take.
    mutating func reviewHunger(
        now: Tick, isFetching: Bool, patienceMin: Duration, first: Duration
    ) {
        if recentPieces > 0 || !isFetching { fedAt = now }
        recentPieces = 0
        asksDirectly = now - fedAt >= max(patienceMin, timing.latest ?? first)
    }
}
