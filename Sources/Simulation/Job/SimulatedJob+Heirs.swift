import Node
import Swarm
import Vocabulary

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
                stage?.heirCount += 1
                trackers[Int(rank.raw)] = roles.heir(rank, inheritance)
                informBeginner(tracker: Int(rank.raw))
                network.state.endpoints.markReady(network.state.ends.tracker(Int(rank.raw)))
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
        guard options.collected == nil else {
            return isOrdered && stage?.isCollecting(peers, plan) == true
        }
        guard isOrdered, let source = peers[plan.sparedSource(options)]?.download.machine else {
            return false
        }
        return source.stage == .running && (stage?.isUnpacking == true || source.hasIdentified)
    }

    /// Ranks whose copies the final account wrongly counts as complete, or as incomplete.
    var accountViolations: [SafetyViolation] {
        guard options.kind == .staged, !plan.kinds.isEmpty, let last = lastWord else { return [] }
        let check = AccountCheck(options, plan, network)
        return last.node.machine.accounts.compactMap { check.violation(of: $0) }
    }
}
