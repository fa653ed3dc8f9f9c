import Node
import Staging
import Swarm
import Vocabulary

/// The beginning of a staged job: rank 0 coordinates all ranks, and each rank that has its order
/// becomes a peer.
extension SimulatedJob {
    func stepPlanner(_ rank: Rank, _ endpoint: UInt32) {
        guard rank == .first, let stage, stage.stepPlanner(), let plan = stage.plan else { return }
        stage.beginCollecting(&self.plan)
        beginTracking(.first) { stage.set(&$0, by: plan) }
    }

    func stepParticipant(_ rank: Rank, _ endpoint: UInt32) {
        let ends = network.state.ends
        guard let stage, endpoint == ends.download(of: Int(rank.raw)),
            let participating = stage.participants[Int(rank.raw)], stage.step(participating, rank)
        else { return }
        guard let order = participating.node.machine.order else {
            network.state.endpoints.close(endpoint)
            network.state.endpoints.close(ends.upload(of: Int(rank.raw)))
            return left(endpoint)
        }
        peers[Int(rank.raw)] = roles.peer(
            rank, order, stage.publications, at: stage.place(of: rank))
        informBeginner(peer: Int(rank.raw))
        network.state.endpoints.markReady(endpoint)
        network.state.endpoints.markReady(ends.upload(of: Int(rank.raw)))
        guard let tracking = order.tracking else { return }
        beginTracking(rank) { rules in
            rules.roomGroups = tracking.roomGroups
            rules.roomContentCount = order.duties.count
        }
    }

    private func beginTracking(_ rank: Rank, _ set: (inout TrackerRules) -> Void) {
        trackers[Int(rank.raw)] = roles.tracker(rank, set)
        informBeginner(tracker: Int(rank.raw))
        network.state.endpoints.markReady(network.state.ends.tracker(Int(rank.raw)))
    }
}
