import CommandLine
import Control
import MPITransport
import Node
import Swarm
import Vocabulary
import Wire

/// Rank 0 of `serve`: tracks until a user ends the job, and tells who is lost and who is back.
struct ServeTracker {
    let options: ServeOptions
    let job: String
    private let clock = ProcessClock()

    init(options: ServeOptions, job: String) {
        self.options = options
        self.job = job
    }

    func track(_ world: borrowing MPIWorld) -> Int32 {
        var rules = TrackerRules(firstPeer: Rank(1), peerCount: world.rankCount - 1)
        rules.isBatch = false
        rules.staysOpen = true
        rules.lease = options.lease
        let network = MPIEndpoint(
            world, reading: [.tracker, .overlay], messageSizeMax: Head.messageMax)
        var node = TrackerNode(
            rules: rules, network: network, trace: openTrace(options.traceDirectory, world.rank),
            now: clock.now)
        var backoff = Backoff()
        var isAnnounced = false
        while !node.isOver {
            if node.step(now: clock.now) { backoff.reset() }
            for warning in node.takeWarnings() {
                say("mpiswarm: \(warning.sentence())\n", on: .error)
            }
            if !isAnnounced, node.machine.isEverybodyThere {
                isAnnounced = true
                let ranks =
                    world.rankCount == 2
                    ? "1 rank serves" : "ranks 1 to \(world.rankCount - 1) serve"
                say(
                    "job \(job): \(ranks); 'mpiswarm shell --job \(job)' talks to them\n",
                    on: .output)
            }
            if let wait = backoff.next(atMost: idleRest) { rest(wait) }
        }
        let status = tell(node.machine)
        var left = node.leave()
        close(&left, by: clock)
        return status
    }

    private func tell(_ tracker: borrowing Tracker) -> Int32 {
        if let refusal = tracker.refusal {
            say("mpiswarm: \(harmless(refusal.refusal))\n", on: .error)
            return UsageError.exitStatus
        }
        let pieces = tracker.peers.reduce(0) { $0 + $1.totals.pieces }
        let size = tracker.peers.reduce(ByteCount.zero) { $0 + $1.totals.size }
        let files = tracker.peers.reduce(0) { $0 + Int($1.totals.delivered) }
        let counted = files == 1 ? "1 file" : "\(files) files"
        say("\(counted) fetched, \(Summary.amount(pieces, size))\n", on: .output)
        let lost = tracker.peers.filter { $0.stage == .lost }.map { "\($0.rank)" }
        guard !lost.isEmpty else { return 0 }
        let ranks =
            lost.count == 1 ? "rank \(lost[0]) was" : "ranks \(lost.joined(separator: ", ")) were"
        say("mpiswarm: \(ranks) lost\n", on: .error)
        return 1
    }
}
