import Vocabulary

extension SimulatedJob {
    package var outcome: SimulationOutcome {
        let finished = (options.firstReceiver..<options.rankCount).map {
            network.state.finishedWants[$0] > 0 ? network.state.finishedAt[$0] : .never
        }
        let source = network.state.counts.served[options.trackers..<options.firstReceiver].reduce(
            0, +)
        let slow = Self.slowPeers(options)
        return SimulationOutcome(
            isComplete: isDemandMet, end: network.state.now,
            finishedAt: finished, counts: network.state.counts, sourceServed: source,
            busiestTracker: network.state.counts.handled[..<options.trackers].max() ?? 0,
            utilisation: utilisation(until: min(finished.max() ?? .zero, network.state.now)),
            bound: bound, isSlow: finished.indices.map { slow.contains($0) },
            boundWithoutSlow: boundWithoutSlow,
            eventCount: network.state.queue.eventCount, stepCount: stepCount,
            linkUpdates: network.state.links.updateCount, fingerprint: network.fingerprint,
            missing: missing, fired: firedCounts,
            falseServings: network.state.disks.reduce(0) { $0 + $1.missingReads })
    }

    private var missing: [Rank] {
        (options.firstReceiver..<options.rankCount)
            .filter { plan.isDemanded[$0] && !hasFinished($0) }
            .filter { !plan.isOrphaned || !isSettled($0) }
            .map { Rank(Int32($0)) }
    }

    private func hasFinished(_ rank: Int) -> Bool {
        standing?.isSatisfied(rank) ?? (network.state.finishedWants[rank] > 0)
    }

    /// Leaves out the sources, which send whatever their links take and so would hide idle peers.
    private func utilisation(until end: Tick) -> Double {
        let receivers = options.firstReceiver..<options.rankCount
        var possible = 0.0
        for rank in receivers where joinedAt[rank] < end {
            let present = min(leftAt[rank], end) - joinedAt[rank]
            possible += usualUp[rank] * present.inSeconds
        }
        let sent = network.state.counts.served[receivers].reduce(0, +)
        return possible > 0 ? Double(sent) / possible : 0
    }
}
