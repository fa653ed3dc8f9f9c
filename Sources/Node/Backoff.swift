/// How long a thread with nothing to do waits before it looks again. Answers come within
/// microseconds of each other, so first it only looks again; then it sleeps, twice as long each
/// time. Nothing blocks in MPI: there a waiting thread would burn a whole core.
package struct Backoff: Sendable {
    private static let spinsMax = 50
    private static let shortest = Duration.microseconds(20)

    private var spins = 0
    private var wait = shortest

    package init() {}

    /// Something happened: be quick again.
    package mutating func reset() { self = Backoff() }

    /// How long to sleep now; nil means not at all.
    package mutating func next(atMost longest: Duration) -> Duration? {
        guard spins >= Self.spinsMax else {
            spins += 1
            return nil
        }
        defer { wait = min(wait * 2, longest) }
        return min(wait, longest)
    }
}
