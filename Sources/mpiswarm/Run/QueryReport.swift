import CommandLine
import Content
import Storage
import Swarm
import Vocabulary
import Wire

/// The report of rank 0 on a job in which ranks only ask.
struct QueryReport {
    private let options: RunOptions
    private let superPeers: SuperPeers

    init(_ options: RunOptions, _ superPeers: SuperPeers) {
        self.options = options
        self.superPeers = superPeers
    }

    func tell(_ tracker: borrowing Tracker) -> Int32 {
        let accounts = tracker.accounts
        for peer in accounts where peer.isLoss || peer.stage == .lost {
            say("mpiswarm: rank \(peer.rank) was lost\n", on: .error)
        }
        let owners = owners
        var found = 0
        var existing = 0
        var times: [Duration] = []
        for peer in accounts {
            let names = names(of: peer.rank)
            for case .answer(let want, let count, let took) in peer.report.answers {
                guard names.indices.contains(want.position) else { continue }
                found += Int(count)
                existing += (owners[names[want.position]] ?? []).count { $0 != peer.rank }
                times.append(took)
            }
        }
        let traffic = tracker.overlayTraffic
        let figures = QueryFigures(
            topology: options.superPeers.topology, trackers: superPeers.grouping.trackerCount,
            timeToLive: tracker.rules.overlay.timeToLive, queries: traffic.queries,
            hits: traffic.hits, found: found, existing: existing, times: times)
        say(QueryFigures.heading + figures.row, on: .output)
        return accounts.contains { $0.stage == .lost } ? 1 : 0
    }

    private func names(of rank: Rank) -> [RelativePath] {
        guard let path = options.queries else { return [] }
        let peers = superPeers.grouping.trackerCount..<Int.max
        do { return try QueryFile(path: path, peers: peers).names(of: rank) } catch { return [] }
    }

    /// The owners in the inputs, with which the answers are compared.
    private var owners: [RelativePath: [Rank]] {
        var owners: [RelativePath: [Rank]] = [:]
        for (place, _) in superPeers.grouping.homes.enumerated() {
            let rank = Rank(superPeers.grouping.firstPeer.raw + Int32(place))
            let number = superPeers.grouping.number(of: rank)
            do {
                let bytes = try readWhole(path: "\(options.directory)/in\(number).txt")
                let input = try ClassicInput(parsing: bytes)
                for file in input.owned { owners[file.name, default: []].append(rank) }
            } catch { continue }
        }
        return owners
    }
}
