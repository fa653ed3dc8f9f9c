import CommandLine
import Control
import Launch
import MPITransport
import Node
import Swarm
import Vocabulary
import Wire

/// A tracker of `serve`: it tracks until a user ends the job. Rank 0 prints which ranks are lost
/// and which are back; when it is lost itself, the next tracker does so.
struct ServeTracker {
    let options: ServeOptions
    private let superPeers: SuperPeers
    let job: String
    private let ending: JobEnding
    private let deaths: DeathWatch
    private let clock = ProcessClock()

    init(
        options: ServeOptions, superPeers: SuperPeers, job: String, _ ending: JobEnding,
        _ deaths: DeathWatch
    ) {
        self.options = options
        self.superPeers = superPeers
        self.job = job
        self.ending = ending
        self.deaths = deaths
    }

    func track(_ world: borrowing MPIWorld) -> Int32 {
        let rules: TrackerRules
        do throws(SuperPeerRefusal) {
            rules = try self.rules(of: world.rank)
        } catch {
            // A rank that fails ends the others too.
            if world.rank == .first { say("mpiswarm: serve: \(error.sentence)\n", on: .error) }
            return UsageError.exitStatus
        }
        if world.rank == .first, let warning = superPeers.warning(rules) {
            say("mpiswarm: \(warning)\n", on: .error)
        }
        let network = MPIEndpoint(
            world, reading: [.tracker, .overlay], messageSizeMax: Head.messageMax)
        var node = TrackerNode(
            rules: rules, network: network, trace: openTrace(options.traceDirectory, world.rank),
            now: clock.now)
        var dead = DeathNotes(deaths)
        var backoff = Backoff()
        var isAnnounced = false
        var isCounting = false
        var hasWarned = false
        while !node.isOver {
            if dead.report(to: &node, now: clock.now) { backoff.reset() }
            if node.step(now: clock.now) { backoff.reset() }
            for warning in node.takeWarnings() {
                say("mpiswarm: \(warning.sentence())\n", on: .error)
            }
            if !isAnnounced, world.rank == .first, node.machine.hasEverybodyLooked {
                isAnnounced = true
                announce(world.rankCount)
            }
            if node.machine.isCounting, !isCounting {
                isCounting = true
                ending.count()
            }
            if isCounting { ending.follow(node.machine.stage) }
            ending.answer { interruptedWords(node.machine.accounts) }
            if !isAnnounced, !hasWarned, world.rank == .first, clock.now >= Self.lookPatience {
                hasWarned = true
                warn(of: node.machine.lookingRanks)
            }
            rest(&backoff, of: node, now: clock.now)
        }
        ending.conclude(node.machine.isCounting ? node.machine.accounts : [])
        let status = node.machine.isCounting ? tell(node.machine) : 0
        var left = node.leave()
        close(&left, by: clock)
        return status
    }

    private func rules(of tracker: Rank) throws(SuperPeerRefusal) -> TrackerRules {
        var rules = try superPeers.rules(of: tracker)
        rules.isBatch = false
        rules.staysOpen = true
        rules.awaitsLooks = true
        rules.lease = options.lease
        // A rank may list as many files.
        rules.overlay?.catalogEntriesMax = rules.entriesPerPeerMax
        rules.overlay?.hitsMax = rules.entriesPerPeerMax / 128
        return rules
    }

    /// The time after which the user is informed of ranks that are still looking at their folders.
    private static let lookPatience = Tick.zero + .seconds(5)

    private func warn(of ranks: [Rank]) {
        guard let first = ranks.first else { return }
        let words =
            ranks.count == 1
            ? "rank \(first) is still looking at the files of its folder"
            : "\(ranks.count) ranks, \(first) the lowest, are still looking at the files of their "
                + "folders"
        say("mpiswarm: \(words); 'mpiswarm shell --job \(job)' talks to them\n", on: .error)
    }

    private func announce(_ rankCount: Int) {
        let first = Int(superPeers.grouping.firstPeer.raw)
        let ranks =
            rankCount == 2
            ? "1 rank serves"
            : rankCount == first + 1
                ? "rank \(first) serves" : "ranks \(first) to \(rankCount - 1) serve"
        say("job \(job): \(ranks); 'mpiswarm shell --job \(job)' talks to them\n", on: .output)
    }

    private func interruptedWords(_ peers: [PeerRow]) -> String {
        let files = peers.reduce(0) { $0 + Int($1.totals.delivered) }
        return "interrupted: \(files == 1 ? "1 file" : "\(files) files") fetched; "
            + "the same get in a later job continues what is not complete"
    }

    private func tell(_ tracker: borrowing Tracker) -> Int32 {
        if let refusal = tracker.refusal {
            say("mpiswarm: \(harmless(refusal.refusal))\n", on: .error)
            return UsageError.exitStatus
        }
        let peers = tracker.accounts
        let pieces = peers.reduce(0) { $0 + $1.totals.pieces }
        let size = peers.reduce(ByteCount.zero) { $0 + $1.totals.size }
        let files = peers.reduce(0) { $0 + Int($1.totals.delivered) }
        let counted = files == 1 ? "1 file" : "\(files) files"
        say("\(counted) fetched, \(Summary.amount(pieces, size))\n", on: .output)
        let lost = peers.filter { $0.stage == .lost }.map { "\($0.rank)" }
        // Rank 0 was lost: its end looks clean, and this is not how a job should go.
        guard !lost.isEmpty else { return tracker.rules.rank == .first ? 0 : 1 }
        let ranks =
            lost.count == 1 ? "rank \(lost[0]) was" : "ranks \(lost.joined(separator: ", ")) were"
        say("mpiswarm: \(ranks) lost\n", on: .error)
        return 1
    }
}
