/// The pauses of an idle thread between two polls. Answers come within microseconds of each other,
/// so first it polls without a pause; then it sleeps, twice as long each time, and from some
/// milliseconds on half as long again: a thread that had nothing to do for long may take longer to
/// notice a message. It never blocks in MPI: there a waiting thread would use a whole core.
package struct Backoff: Sendable {
    private static let spinsMax = 2
    private static let shortest = Duration.microseconds(20)
    private static let steepMax = Duration.milliseconds(10)

    private var spins = 0
    private var wait = shortest

    package init() {}

    /// To be called after an event: the thread polls without a pause again.
    package mutating func reset() { self = Backoff() }

    /// The time to sleep now; nil for no sleep.
    package mutating func next(atMost longest: Duration) -> Duration? {
        guard spins >= Self.spinsMax else {
            spins += 1
            return nil
        }
        defer { wait = min(wait < Self.steepMax ? wait * 2 : wait + wait / 2, longest) }
        return min(wait, longest)
    }
}
