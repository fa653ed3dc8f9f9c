import CommandLine
import Control
import Launch
import MPITransport
import Node
import Swarm
import Vocabulary
import Wire

/// A tracker of `run`. Rank 0 prints warnings and the result, and leaves last; when it is lost, the
/// next tracker does so.
struct RunTracker: JobReporter {
    let options: RunOptions
    var names = RankNames()
    /// Whether owners that do not agree about a file end the job before it begins.
    var ownersMustAgree = false
    /// Whether what a killed or interrupted peer has fetched is there for the next run.
    var leavesParts = false
    /// Why there is no job; nil where there is one.
    var refusal: String?
    private let superPeers: SuperPeers
    private let ending: JobEnding
    private let deaths: DeathWatch
    private let clock = ProcessClock()

    init(
        options: RunOptions, superPeers: SuperPeers, _ ending: JobEnding, _ deaths: DeathWatch
    ) {
        self.options = options
        self.superPeers = superPeers
        self.ending = ending
        self.deaths = deaths
    }

    func track(_ world: borrowing MPIWorld) -> Int32 {
        var rules: TrackerRules
        do throws(SuperPeerError) {
            rules = try superPeers.rules(of: world.rank)
        } catch {
            // A rank that fails ends the others too.
            if world.rank == .first { say("mpiswarm: run: \(error.sentence)\n", on: .error) }
            return UsageError.exitStatus
        }
        if world.rank == .first, let warning = superPeers.warning(rules) {
            say("mpiswarm: \(warning)\n", on: .error)
        }
        rules.kind = .batch(ownersMustAgree: ownersMustAgree)
        // A peer that is served in turn must be known to the server, so every peer knows all
        // others.
        if ownersMustAgree { rules.meshMax = .max - 1 }
        let network = MPIEndpoint(
            world, reading: [.tracker, .overlay], messageSizeMax: Head.messageMax)
        var node = TrackerNode(
            rules: rules, network: network, trace: openTrace(options.traceFolder, world.rank),
            now: clock.now)
        // The job is over before it begins, and the other ranks learn that from this tracker.
        if refusal != nil, node.machine.isRoot { node.giveUp(now: clock.now) }
        return TrackerLoop(ending: ending, deaths: deaths, clock: clock).run(node, self) ?? 0
    }

    private var account: RunAccount {
        RunAccount(options: options, names: names, clock: clock, leavesParts: leavesParts)
    }

    func report(_ tracker: borrowing Tracker) -> Int32 {
        if let words = refusal ?? tracker.refusal?.refusal {
            say("mpiswarm: \(harmless(words))\n", on: .error)
            return UsageError.exitStatus
        }
        if let (name, owners) = tracker.disagreement {
            say("mpiswarm: \(name) is not the same at \(listed(owners))\n", on: .error)
            return UsageError.exitStatus
        }
        if options.queries != nil { return QueryReport(options, superPeers).tell(tracker) }
        return account.report(tracker)
    }

    func warn(_ warning: TrackerWarning) {
        say("mpiswarm: \(warning.sentence(names))\n", on: .error)
    }

    func interruptedWords(_ peers: [PeerRow]) -> String { account.interruptedWords(peers) }

    private func listed(_ ranks: [Rank]) -> String {
        ranks.map { names[$0] }.joined(separator: " and ")
    }
}
