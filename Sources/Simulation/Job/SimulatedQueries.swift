import Node
package import Swarm
import Vocabulary
import Wire

/// Queries in virtual time: real trackers, each with a peer of its own, and `clients` of the peers
/// asking for one name after the other. Each name is asked for once, and owned by two peers that
/// the seed chooses.
package final class SimulatedQueries {
    package let rules: OverlayRules
    private let network: SimulatedNetwork
    private let grouping: Grouping
    private var trackers: [SimulatedTracker] = []
    private var clients: [QueryPeer] = []
    private let clientCount: Int
    /// By client and query, the owners of the name.
    private var owners: [[[Rank]]] = []
    private static let ownersPerName = 2

    final class QueryPeer {
        var node: QueryNode<SimulatedEndpoint>
        init(_ node: consuming QueryNode<SimulatedEndpoint>) { self.node = node }
    }

    /// The number of owners that a query found, the number that exist, and the time it took.
    package struct Answer {
        package let found: Int
        package let existing: Int
        package let took: Duration
    }

    package init?(
        _ rules: OverlayRules, questions: Int, clients clientCount: Int, latency: Duration,
        seed: UInt64
    ) {
        self.rules = rules
        self.clientCount = clientCount
        let count = rules.trackerCount
        let peerCount = max(count, clientCount)
        let rankCount = count + peerCount
        grouping = Grouping(
            trackerCount: count, firstPeer: Rank(Int32(count)),
            homes: (0..<peerCount).map { Rank(Int32($0 % count)) })
        guard let geometry = Geometry(labels: 1) else { return nil }
        let free = [Double](repeating: .infinity, count: rankCount)
        var delay = Latency()
        delay.base = latency
        network = SimulatedNetwork(
            contents: [SimulatedContent(1, geometry)],
            links: FairLinks(up: free, down: free), rankCount: rankCount, trackerCount: count,
            latency: delay, seed: seed)
        for tracker in grouping.trackers {
            trackers.append(
                SimulatedTracker(
                    TrackerNode(
                        rules: grouping.rules(of: tracker, rules),
                        network: network.trackerEndpoint(of: tracker), now: .zero)))
            network.state.endpoints.markReady(network.state.ends.tracker(Int(tracker.raw)))
        }
        makePeers(peerCount, questions, geometry, Chance(seed: seed))
    }

    private func makePeers(
        _ peerCount: Int, _ questions: Int, _ geometry: Geometry, _ chance: Chance
    ) {
        var chance = chance
        let first = grouping.firstPeer.raw
        var shares = [Share](repeating: Share(), count: peerCount)
        var names: [[RelativePath]] = []
        var number: UInt64 = 0
        for client in 0..<clientCount {
            names.append([])
            owners.append([])
            for question in 0..<questions {
                guard let name = Self.name(client, question) else { continue }
                number += 1
                var places: [Int] = []
                for _ in 0..<Self.ownersPerName {
                    let place = chance.below(peerCount)
                    if !places.contains(place) { places.append(place) }
                }
                for place in places {
                    shares[place].owned.append(
                        Share.Owned(
                            name: name, content: ContentID(high: 1, low: number),
                            geometry: geometry, manifest: Descriptor(inline: [1])))
                }
                names[client].append(name)
                owners[client].append(places.map { Rank(first + Int32($0)) })
            }
        }
        for place in 0..<peerCount {
            let rank = Rank(first + Int32(place))
            clients.append(
                QueryPeer(
                    QueryNode(
                        rules: DownloaderRules(tracker: grouping.home(of: rank)),
                        share: shares[place], names: place < clientCount ? names[place] : [],
                        network: network.endpoint(of: rank, isUpload: false),
                        inbox: Mailbox<DownloaderNote>(), now: .zero)))
            network.state.endpoints.markReady(network.state.ends.download(of: Int(rank.raw)))
        }
    }

    private static func name(_ client: Int, _ question: Int) -> RelativePath? {
        do throws(PathError) { return try RelativePath("file\(client).\(question)") } catch {
            return nil
        }
    }

    /// Returns false if an hour of virtual time was not enough.
    package func run() -> Bool {
        let end = Tick.zero + .seconds(3600)
        var batch: [UInt32] = []
        var duties: [EventRow] = []
        while clients.prefix(clientCount).contains(where: { $0.node.machine.stage != .done }) {
            while network.state.endpoints.hasReady {
                network.state.endpoints.takeReady(into: &batch)
                for endpoint in batch { step(endpoint) }
                batch.removeAll(keepingCapacity: true)
            }
            guard network.state.advance(through: end, duties: &duties) else { return false }
        }
        return true
    }

    private func step(_ endpoint: UInt32) {
        let rank = network.state.ends.rank(of: endpoint)
        if network.state.ends.isTracker(endpoint) {
            _ = trackers[rank].node.step(now: network.now)
            network.state.setAlarm(endpoint, at: trackers[rank].node.alarm)
        } else {
            let peer = clients[rank - trackers.count]
            _ = peer.node.step(now: network.now)
            network.state.setAlarm(endpoint, at: peer.node.alarm)
        }
    }

    /// An owner does not find itself, so it does not count.
    package var answers: [Answer] {
        var answers: [Answer] = []
        for client in 0..<clientCount {
            let own = Rank(grouping.firstPeer.raw + Int32(client))
            for entry in clients[client].node.machine.answers {
                guard case .answer(let want, let found, let took) = entry else { continue }
                let existing = owners[client][want.position].count { $0 != own }
                answers.append(Answer(found: Int(found), existing: existing, took: took))
            }
        }
        return answers
    }

    package var traffic: (queries: Int, hits: Int) {
        trackers.reduce((0, 0)) {
            let counts = $1.node.machine.overlayCounts
            return ($0.0 + counts.queriesSent, $0.1 + counts.hitsSent)
        }
    }
}
