package import Vocabulary

/// The result of a run.
package struct SimulationOutcome: Sendable {
    /// All ranks that wanted something have it, except those that a fault may have kept from it.
    package let isComplete: Bool
    package let end: Tick
    /// The ranks that wanted something: `never` for those that have not got it.
    package let finishedAt: [Tick]
    package let counts: NetworkCounts
    package let sourceServed: UInt64
    /// The messages that the busiest tracker sent and received.
    package let busiestTracker: UInt64
    /// The bytes that peers sent, over those that present peers could have sent until the last rank
    /// finished. Sources do not count.
    package let utilisation: Double
    package let bound: SimulationBound
    /// By place in `finishedAt`, whether the rank has slow links.
    package let isSlow: [Bool]
    package let totals: SimulationTotals
    package let fingerprint: UInt64
    /// Ranks that should have finished and did not.
    package let missing: [Rank]
    /// For each kind of fault, the number of times that it had an effect.
    package let fired: [Int]
    /// Pieces that a node was about to serve without having them; must be 0.
    package let falseServings: Int

    private var finished: [Tick] { finishedAt.filter { $0 < .never } }

    /// The time at which the last of the ranks that finished did so.
    package var last: Tick { finished.max() ?? .zero }

    package var lastOverBound: Double { (last - .zero).inSeconds / bound.all.inSeconds }

    package var meanSeconds: Double {
        finished.reduce(0) { $0 + ($1 - .zero).inSeconds } / Double(max(1, finished.count))
    }
}
