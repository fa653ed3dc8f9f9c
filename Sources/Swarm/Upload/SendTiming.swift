import Vocabulary

/// The times at which something has to be done about a send, if it still goes on.
struct SendTiming: Equatable, Sendable {
    var startedAt = Tick.zero
    /// It should be about to end.
    var nearEnd = Tick.never
    /// It should be over if it has the link to itself.
    var overrunsAt = Tick.never
    /// It has taken twice the expected time.
    var slowAt = Tick.never
    /// Its receiver is probably dead.
    var stuckAt = Tick.never
    /// It was not over in time.
    var hasOverrun = false

    /// The next of these times; one of a slow send is of interest only if the receiver is dead.
    func next(isSlow: Bool, after now: Tick) -> Tick {
        var next = max(stuckAt, now)
        guard !isSlow else { return next }
        if nearEnd > now { next = min(next, nearEnd) }
        if overrunsAt > now { next = min(next, overrunsAt) }
        if slowAt > now { next = min(next, slowAt) }
        return next
    }
}
