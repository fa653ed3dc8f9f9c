import CommandLine
import Control
import MPITransport
import Node
import Swarm
import Vocabulary
import Wire

/// What the trackers of `serve` print: which ranks serve, which are lost and which are back, and at
/// the end what was fetched.
struct ServeReporter: JobReporter {
    private let job: String
    private let rank: Rank
    private let peers: ClosedRange<Int32>
    private var isAnnounced = false
    private var hasWarned = false

    init(job: String, rank: Rank, peers: ClosedRange<Int32>) {
        self.job = job
        self.rank = rank
        self.peers = peers
    }

    func warn(_ warning: TrackerWarning) {
        say("mpiswarm: \(warning.sentence())\n", on: .error)
    }

    mutating func follow(_ node: inout TrackerNode<MPIEndpoint>, now: Tick) {
        guard rank == .first, !isAnnounced else { return }
        if node.machine.allRanksLooked {
            isAnnounced = true
            announce()
        } else if !hasWarned, now >= Self.lookPatience {
            hasWarned = true
            warn(of: node.machine.lookingRanks)
        }
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

    private func announce() {
        let ranks =
            peers.upperBound == 1
            ? "1 rank serves"
            : peers.count == 1
                ? "rank \(peers.lowerBound) serves"
                : "ranks \(peers.lowerBound) to \(peers.upperBound) serve"
        say("job \(job): \(ranks); 'mpiswarm shell --job \(job)' talks to them\n", on: .output)
    }

    func interruptedWords(_ peers: [PeerRow]) -> String {
        let files = peers.reduce(0) { $0 + Int($1.report.totals.delivered) }
        return "interrupted: \(files == 1 ? "1 file" : "\(files) files") fetched; "
            + "the same get in a later job continues what is not complete"
    }

    func report(_ tracker: borrowing Tracker) -> Int32 {
        if let refusal = tracker.refusal {
            say("mpiswarm: \(harmless(refusal.refusal))\n", on: .error)
            return UsageError.exitStatus
        }
        let peers = tracker.accounts
        let pieces = peers.reduce(0) { $0 + $1.report.totals.pieces }
        let size = peers.reduce(ByteCount.zero) { $0 + $1.report.totals.size }
        let files = peers.reduce(0) { $0 + Int($1.report.totals.delivered) }
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
