package import Vocabulary

/// What came of a run.
package struct SimulationOutcome: Sendable {
    /// Everybody that wanted something has it, those apart whom a fault may have kept from it.
    package let isComplete: Bool
    package let end: Tick
    /// Of those that wanted something: `never` for who has not got it.
    package let finishedAt: [Tick]
    package let counts: NetworkCounts
    package let sourceServed: UInt64
    /// Messages that the busiest tracker got and sent.
    package let busiestTracker: UInt64
    /// What peers sent, over what those could have sent that were present until the last finished.
    /// Sources do not count.
    package let utilisation: Double
    /// No run can end earlier.
    package let bound: Duration
    /// By place in `finishedAt`, whose links are slow.
    package let isSlow: [Bool]
    /// The bound of a job without them.
    package let boundWithoutSlow: Duration
    package let eventCount: UInt64
    package let stepCount: UInt64
    package let linkUpdates: UInt64
    package let fingerprint: UInt64
    /// Who should have finished and did not.
    package let missing: [Rank]
    /// By kind of fault, how often it did something.
    package let fired: [Int]
    /// Pieces that a node was about to serve without having them; must be none.
    package let falseServings: Int

    private var finished: [Tick] { finishedAt.filter { $0 < .never } }

    /// Of those who finished.
    package var last: Tick { finished.max() ?? .zero }

    package var lastOverBound: Double { (last - .zero).inSeconds / bound.inSeconds }

    package var meanSeconds: Double {
        finished.reduce(0) { $0 + ($1 - .zero).inSeconds } / Double(max(1, finished.count))
    }
}
