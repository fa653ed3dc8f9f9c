import Node
import Swarm
import Vocabulary
import Wire

/// Succession: in a staged job each rank may have to track after all ranks before it are gone.
extension SimulatedJob {
    /// The number of ranks that may track, each of which needs an endpoint for that.
    static func accountCount(_ options: SimulationOptions) -> Int {
        options.kind == .staged ? options.rankCount : options.trackers
    }

    func takeHeirNotes(of peer: SimulatedPeer, _ rank: Rank) {
        guard !peer.toHeir.isEmpty else { return }
        var notes: [HeirNote] = []
        peer.toHeir.empty(into: &notes)
        for note in notes {
            switch note {
            case .takeOver(let inheritance):
                heirCount += 1
                trackers[Int(rank.raw)] = roles.heir(rank, inheritance)
                network.state.markReady(network.state.ends.tracker(Int(rank.raw)))
            case .standDown: trackers[Int(rank.raw)] = nil
            case .ended: break
            }
        }
    }

    /// The tracker whose account of the job is final, once the job is over for it.
    var lastWord: SimulatedTracker? {
        guard network.state.isDead[0] else {
            return trackers[0].flatMap { $0.node.isOver ? $0 : nil }
        }
        for rank in trackers.indices.dropFirst(options.trackers)
        where !network.state.isDead[rank] {
            if let heir = trackers[rank], heir.node.isOver { return heir }
        }
        return nil
    }

    /// Whether all ranks that must finish have their orders, and a source that will live knows the
    /// content: without either, no rank could go on once the trackers are gone.
    var isUnderWay: Bool {
        let isOrdered = plan.isDemanded.indices.allSatisfy { rank in
            !plan.isDemanded[rank] || network.state.isDead[rank] || peers[rank] != nil
        }
        guard isOrdered, let source = peers[plan.sparedSource(options)]?.download.machine else {
            return false
        }
        return source.stage == .running && source.hasIdentified
    }

    /// Ranks whose copies the final account wrongly counts as complete, or as incomplete.
    var accountViolations: [SafetyViolation] {
        guard options.kind == .staged, !plan.kinds.isEmpty, let last = lastWord else { return [] }
        return last.node.machine.accounts.compactMap { row in
            let rank = Int(row.rank.raw)
            guard rank >= options.firstReceiver, plan.mischief[rank].isEmpty else { return nil }
            let isFinished = network.state.finishedWants[rank] > 0
            if row.isWithoutFailure, !isFinished { return .countedComplete(row.rank) }
            guard isFinished, plan.isDemanded[rank], !row.isWithoutFailure else { return nil }
            return .countedIncomplete(row.rank)
        }
    }
}

extension PeerRow {
    /// Whether the account counts its copy as complete.
    fileprivate var isWithoutFailure: Bool {
        !isExpelled && trouble.isEmpty && stage != .lost
            && !failures.contains { if case .failure = $0 { true } else { false } }
    }
}
