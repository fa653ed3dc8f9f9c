import Vocabulary

extension SimulatedJob {
    package var outcome: SimulationOutcome {
        let finished = (options.firstReceiver..<options.rankCount).map {
            network.state.finishes.hasFinished($0) ? network.state.finishes.times[$0] : .never
        }
        let source = network.state.record.counts.served[options.sourceRanks].reduce(0, +)
        let slow = JobLinks.slowPeers(options)
        return SimulationOutcome(
            isComplete: isDemandMet, end: network.state.now,
            finishedAt: finished, counts: network.state.record.counts, sourceServed: source,
            busiestTracker: network.state.record.counts.handled[..<options.trackers].max() ?? 0,
            utilisation: utilisation(until: min(finished.max() ?? .zero, network.state.now)),
            bound: SimulationBound(
                all: links.bound, withoutSlow: links.boundWithoutSlow),
            isSlow: (options.firstReceiver..<options.rankCount).map {
                slow.contains($0 - options.sourceRanks.upperBound)
            },
            totals: SimulationTotals(
                eventCount: network.state.queue.eventCount, stepCount: stepCount,
                linkUpdates: network.state.flows.links.updateCount),
            fingerprint: network.fingerprint, missing: missing, fired: firedCounts,
            falseServings: network.state.disks.reduce(0) { $0 + $1.missingReads })
    }

    private var missing: [Rank] {
        (options.firstReceiver..<options.rankCount)
            .filter { plan.isDemanded[$0] && !hasFinished($0) }
            .filter { !plan.isOrphaned || !isSettled($0) }
            .map { Rank(Int32($0)) }
    }

    private func hasFinished(_ rank: Int) -> Bool {
        standing?.isSatisfied(rank) ?? (network.state.finishes.hasFinished(rank))
    }

    /// Leaves out the sources, which send whatever their links take and so would hide idle peers.
    private func utilisation(until end: Tick) -> Double {
        let receivers = options.firstReceiver..<options.rankCount
        let possible = presence.capacity(of: receivers, links.up, until: end)
        let sent = network.state.record.counts.served[receivers].reduce(0, +)
        return possible > 0 ? Double(sent) / possible : 0
    }
}
