import Node
import Swarm
import Vocabulary

/// A standing job: users give orders while it runs, and one of them ends it.
extension SimulatedJob {
    func scheduleOrders() {
        guard let standing else { return }
        for (number, step) in standing.script.steps.enumerated() {
            network.state.queue.schedule(.ordered, UInt32(number), at: step.time)
        }
        network.state.queue.schedule(.ordered, Self.lastOrders, at: standing.lastAt)
    }

    /// Higher than the number of any step of a script.
    private static let lastOrders = UInt32.max

    func orderCame(_ number: UInt32) {
        guard let standing else { return }
        guard number != Self.lastOrders else { return lastOrdersCame(standing) }
        let step = standing.script.steps[Int(number)]
        guard !network.state.isDead[step.rank], peers[step.rank] != nil else { return }
        give(standing.orders(of: step), to: step.rank)
    }

    private func lastOrdersCame(_ standing: SimulatedStanding) {
        for rank in options.peerRanks where plan.isDemanded[rank] {
            guard !network.state.isDead[rank], peers[rank] != nil else { continue }
            give(standing.lastOrders(of: rank).map { .ordered($0) }, to: rank)
        }
        endWhereAllIsMet()
    }

    func give(_ notes: [DownloaderNote], to rank: Int) {
        for note in notes { peers[rank]?.toDownload.put(note) }
        network.state.endpoints.markReady(network.state.ends.download(of: rank))
    }

    func takeNews(of peer: SimulatedPeer) {
        guard let standing, !peer.news.isEmpty else { return }
        var news: [LiveNews] = []
        peer.news.empty(into: &news)
        for item in news { standing.heard(item) }
        endWhereAllIsMet()
    }

    private func endWhereAllIsMet() {
        guard let standing, !standing.isEndWanted, network.now >= standing.lastAt, areLastOrdersMet
        else { return }
        standing.isEndWanted = true
        // Any user may end the job: here the first one whose rank lives.
        guard let rank = options.peerRanks.first(where: { !network.state.isDead[$0] }) else {
            return
        }
        give([.ordered(.shutdown)], to: rank)
    }

    /// Whether all ranks that must finish have what they last ordered.
    var areLastOrdersMet: Bool {
        guard let standing else { return true }
        return options.peerRanks.allSatisfy { rank in
            !plan.isDemanded[rank] || network.state.isDead[rank] || standing.isSatisfied(rank)
        }
    }
}
