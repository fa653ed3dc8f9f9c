import Node
import Swarm
package import Vocabulary

/// Faults, from their strike to their end.
extension SimulatedJob {
    /// The kinds that the seed chose.
    package var faultKinds: [FaultKind] { plan.kinds }

    func prepareFaults() {
        network.state.finishes.demand(plan.isDemanded)
        guard !plan.kinds.isEmpty else { return }
        network.state.mischief.byRank = plan.mischief
        network.state.watch = SafetyWatch(
            options, mischief: plan.mischief, disks: plan.disks)
        for (rank, model) in plan.disks.enumerated() {
            if let model { network.state.disks[rank].model = model }
        }
        for (number, step) in plan.steps.enumerated() {
            network.state.queue.schedule(.fault, UInt32(number), at: step.time)
        }
        network.state.queue.schedule(.fault, UInt32(plan.steps.count), at: plan.healsAt)
    }

    func faultCame(_ number: Int) {
        guard number != Int(Self.trackersDie) else {
            for tracker in 0..<options.trackers { network.state.kill(Rank(Int32(tracker))) }
            return
        }
        guard number < plan.steps.count else { return heal() }
        let step = plan.steps[number]
        let rank = Rank(Int32(step.rank))
        guard !network.state.isDead[step.rank] else { return }
        if step.needsJobUnderWay(options), !isUnderWay {
            let later = network.now + .milliseconds(50)
            guard later < plan.healsAt else { return }
            return network.state.queue.schedule(.fault, UInt32(number), at: later)
        }
        if !step.isEnd { network.state.fired[step.kind.rawValue] += 1 }
        switch step.kind {
        case .kill, .killedPublisher, .orphan, .killedTrackers, .lostTracker: kill(rank)
        case .pause: setPaused(rank, !step.isEnd)
        case .stoppedTracker:
            network.state.setPaused(rank, !step.isEnd)
            if !step.isEnd { stage?.stopped(rank, at: network.now, &plan) }
        case .slow: setLinks(of: rank, factor: step.isEnd ? 1 : 1 / plan.slowness[step.rank])
        default: break
        }
    }

    package func kill(_ rank: Rank) {
        network.state.kill(rank)
        standing?.died(Int(rank.raw))
        presence.left(Int(rank.raw), at: network.now)
        scheduleReport(ofDeath: rank)
    }

    /// A stopped process moves no bytes either.
    private func setPaused(_ rank: Rank, _ isPaused: Bool) {
        setLinks(of: rank, factor: isPaused ? 0 : 1)
        network.state.setPaused(rank, isPaused)
    }

    private func setLinks(of rank: Rank, factor: Double) {
        let place = Int(rank.raw)
        network.state.setCapacity(
            of: place, up: links.up[place] * factor, down: links.down[place] * factor)
    }

    /// Whether a rank of a run without sources has its content or has given it up.
    func isSettled(_ rank: Int) -> Bool {
        if stage?.isRefused == true { return true }
        guard let peer = peers[rank] else { return false }
        switch peer.download.machine.stage {
        case .joining, .waiting, .running: return false
        case .done, .leaving, .away, .over: return true
        }
    }

    /// Whether all ranks that must finish have done so.
    var isDemandMet: Bool {
        if let standing { return standing.isEndWanted }
        guard plan.isOrphaned else { return network.state.finishes.missingCount == 0 }
        return plan.isDemanded.indices.allSatisfy { !plan.isDemanded[$0] || isSettled($0) }
    }

    /// Ends all faults.
    private func heal() {
        network.state.mischief.byRank = []
        network.state.delays.latency.jitterMax = .zero
        for rank in network.state.disks.indices where plan.disks[rank] != nil {
            network.state.disks[rank].model = options.disk
        }
        for rank in options.peerRanks where !network.state.isDead[rank] {
            setPaused(Rank(Int32(rank)), false)
        }
    }

    /// The violations of a run with faults; other runs are not watched.
    package var violations: [SafetyViolation] {
        var violations = network.state.watch?.violations ?? []
        let times = network.state.disks.reduce(0) { $0 + $1.missingReads }
        if times > 0 { violations.append(.servedUnkept(times: times)) }
        return violations + accountViolations
    }

    /// For each kind of fault, the number of times that it had an effect.
    var firedCounts: [Int] { network.state.firedCounts }
}
