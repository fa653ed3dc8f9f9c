import CommandLine
import MPITransport
import Swarm
import Vocabulary

/// The trackers of a job, from its command line and its ranks.
struct SuperPeers: Sendable {
    let grouping: Grouping
    private let options: SuperPeerOptions

    /// `firstPeer` is a tracker if trackers are peers as well. Every rank computes the same value.
    init(
        _ options: SuperPeerOptions, _ world: borrowing MPIWorld, areTrackersPeers: Bool
    ) throws(SuperPeerError) {
        self.options = options
        let trackers = options.trackers
        let ranks = world.rankCount
        if areTrackersPeers {
            guard trackers <= ranks else { throw .tooMany(trackers: trackers, ranks: ranks) }
        } else {
            guard trackers < ranks else { throw .noPeers(trackers: trackers, ranks: ranks) }
        }
        let firstPeer = areTrackersPeers ? Rank.first : Rank(Int32(trackers))
        let peerCount = world.rankCount - Int(firstPeer.raw)
        if let list = options.superPeers {
            guard options.groups == .contiguous else { throw .bothGroupings }
            let homes = list.ranges.flatMap { Array($0) }
            guard homes.count == peerCount else {
                throw .wrongLength(named: homes.count, peers: peerCount)
            }
            if let stranger = homes.first(where: { $0 >= trackers }) {
                throw .noTracker(stranger, trackers: trackers)
            }
            grouping = Grouping(
                trackerCount: trackers, firstPeer: firstPeer,
                homes: homes.map { Rank(Int32($0)) })
        } else if options.groups == .node, trackers > 1 {
            grouping = Grouping(
                trackerCount: trackers, firstPeer: firstPeer,
                nodes: world.gather(nodeNumber(in: world)))
        } else {
            grouping = Grouping(
                trackerCount: trackers, firstPeer: firstPeer, peerCount: peerCount)
        }
    }

    func peerCount(_ world: borrowing MPIWorld) -> Int {
        world.rankCount - Int(grouping.firstPeer.raw)
    }

    func isTracker(_ rank: Rank) -> Bool { rank.raw < Int32(grouping.trackerCount) }

    /// The rules of a tracker. Only trackers need the topology.
    func rules(of tracker: Rank) throws(SuperPeerError) -> TrackerRules {
        guard grouping.trackerCount > 1 else { return grouping.rules(of: tracker, nil) }
        var overlay = OverlayRules(
            topology: try Topology(named: options.topology, trackers: grouping.trackerCount),
            timeToLive: options.timeToLive)
        overlay.queryDeadline = options.queryDeadline
        return grouping.rules(of: tracker, overlay)
    }

    /// A warning that rank 0 prints, although the job continues.
    func warning(_ rules: TrackerRules) -> String? {
        let overlay = rules.overlay
        guard overlay.timeToLive < overlay.topology.diameter else {
            return nil
        }
        return "warning: --ttl \(overlay.timeToLive) does not reach every tracker: "
            + "\(overlay.topology.diameter) does"
    }
}
