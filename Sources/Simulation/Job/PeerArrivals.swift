import Swarm
import Vocabulary

/// When each peer joins: all at once, or at a rate, except those that a fault makes late.
struct PeerArrivals {
    private let options: SimulationOptions
    private let plan: FaultPlan
    /// A standing job does not wait for all lists: a name is unknown until its owner's list is in.
    private let lead: Duration

    init(_ options: SimulationOptions, _ plan: FaultPlan, _ latency: Latency) {
        self.options = options
        self.plan = plan
        lead = options.kind == .standing ? (latency.longest + latency.jitterMax) * 10 : .zero
    }

    func isLate(_ rank: Int) -> Bool { planned(rank) > usual(rank) }

    func time(of rank: Int) -> Tick {
        planned(rank) + (options.isSource(rank) ? .zero : lead)
    }

    private func planned(_ rank: Int) -> Tick { plan.joinsAt[rank] ?? usual(rank) }

    private func usual(_ rank: Int) -> Tick {
        let place = Double(max(0, rank - options.sourceRanks.upperBound))
        let wait = options.joinRate == .infinity ? 0 : place / options.joinRate
        return Tick.zero + .nanoseconds(Int64(wait * 1e9))
    }
}
