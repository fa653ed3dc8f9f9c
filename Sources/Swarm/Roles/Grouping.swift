package import Vocabulary

/// Assigns trackers to ranks, and peers to trackers. Trackers are the first ranks; peer number 1 is
/// the first rank after them, or the peer of rank 0 where trackers are peers too.
package struct Grouping: Equatable, Sendable {
    package let trackerCount: Int
    package let firstPeer: Rank
    /// The tracker of each peer, by distance from the first peer.
    package let homes: [Rank]

    /// `homes` has the tracker of each peer.
    package init(trackerCount: Int, firstPeer: Rank, homes: [Rank]) {
        precondition(trackerCount > 0, "a job needs a tracker")
        precondition(
            homes.allSatisfy { $0.raw < Int32(trackerCount) }, "only a tracker has a group")
        self.trackerCount = trackerCount
        self.firstPeer = firstPeer
        self.homes = homes
    }

    /// Consecutive ranks form a group, and the groups are as even as possible.
    package init(trackerCount: Int, firstPeer: Rank, peerCount: Int) {
        self.init(
            trackerCount: trackerCount, firstPeer: firstPeer,
            homes: (0..<peerCount).map { Rank(Int32($0 * trackerCount / peerCount)) })
    }

    /// Peers begin at a tracker of their own node, in even parts where it has several. The peers of
    /// a node without a tracker are spread over all trackers. `nodes` has the node of each rank.
    package init(trackerCount: Int, firstPeer: Rank, nodes: [UInt64]) {
        var trackers: [UInt64: [Rank]] = [:]
        for tracker in 0..<trackerCount {
            trackers[nodes[tracker], default: []].append(Rank(Int32(tracker)))
        }
        let all = (0..<trackerCount).map { Rank(Int32($0)) }
        var peerCounts: [UInt64: Int] = [:]
        let peers = Int(firstPeer.raw)..<nodes.count
        for peer in peers {
            peerCounts[trackers[nodes[peer]] == nil ? 0 : nodes[peer], default: 0] += 1
        }
        var placed: [UInt64: Int] = [:]
        let homes = peers.map { peer in
            let isCovered = trackers[nodes[peer]] != nil
            let node = isCovered ? nodes[peer] : 0
            let candidates = isCovered ? trackers[nodes[peer]] ?? all : all
            let place = placed[node, default: 0]
            placed[node] = place + 1
            return candidates[place * candidates.count / max(1, peerCounts[node] ?? 1)]
        }
        self.init(trackerCount: trackerCount, firstPeer: firstPeer, homes: homes)
    }

    package var trackers: [Rank] { (0..<trackerCount).map { Rank(Int32($0)) } }

    package var peers: [Rank] { homes.indices.map { Rank(firstPeer.raw + Int32($0)) } }

    package func group(of tracker: Rank) -> [Rank] { peers.filter { home(of: $0) == tracker } }

    package func home(of peer: Rank) -> Rank { homes[Int(peer.raw - firstPeer.raw)] }

    /// The number of a peer in the names of its input and output files, whatever the number of
    /// trackers.
    package func number(of peer: Rank) -> Int { Int(peer.raw) - trackerCount + 1 }

    /// The rules of one peer, with the trackers that it may have to turn to.
    package func downloaderRules(of peer: Rank) -> DownloaderRules {
        var rules = DownloaderRules(tracker: home(of: peer))
        rules.trackers = turnedTo
        return rules
    }

    package func uploaderRules(of peer: Rank) -> UploaderRules {
        var rules = UploaderRules(tracker: home(of: peer))
        rules.trackers = turnedTo
        return rules
    }

    private var turnedTo: [Rank] { trackerCount > 1 ? trackers : [] }

    /// The peers that may track when all trackers are gone, lowest first.
    package var heirs: [Rank] {
        (max(firstPeer.raw, Int32(trackerCount))..<firstPeer.raw + Int32(homes.count))
            .map { Rank($0) }
    }

    /// The rules of one heir: all peers are in its group.
    package func rules(of heir: Rank, after inheritance: Inheritance) -> TrackerRules {
        var rules = TrackerRules(firstPeer: firstPeer, peerCount: homes.count)
        rules.rank = heir
        rules.inheritance = inheritance
        return rules
    }

    /// The rules of one tracker.
    package func rules(of tracker: Rank, _ overlay: OverlayRules?) -> TrackerRules {
        var rules = TrackerRules(firstPeer: firstPeer, peerCount: homes.count)
        guard trackerCount > 1 else { return rules }
        rules.rank = tracker
        rules.group = group(of: tracker)
        rules.overlay = overlay ?? OverlayRules(topology: .full(trackerCount))
        return rules
    }
}
