import Node
import Swarm
import Vocabulary

private let reportDelay = Duration.milliseconds(10)

/// Certain deaths, which all living machines learn a moment later.
extension SimulatedJob {
    func scheduleReport(ofDeath rank: Rank) {
        guard options.reportsDeaths else { return }
        network.state.queue.schedule(
            .deathReported, UInt32(rank.raw), at: network.now + reportDelay)
    }

    func deathReported(_ dead: Rank) {
        guard presence.reportDeath(of: dead, network.state.isDead) else { return }
        for rank in trackers.indices where !network.state.isDead[rank] {
            guard let tracker = trackers[rank] else { continue }
            tracker.dead.append(dead)
            network.state.endpoints.markReady(network.state.ends.tracker(rank))
        }
        stage?.died(dead, network.state.isDead)
        for rank in options.peerRanks where !network.state.isDead[rank] && peers[rank] != nil {
            give([.died(dead)], to: rank)
        }
    }

    /// A machine that begins learns first which ranks have died before.
    func informBeginner(tracker rank: Int) { trackers[rank]?.dead = presence.knownDead }

    func informBeginner(peer rank: Int) { give(presence.knownDead.map { .died($0) }, to: rank) }
}
