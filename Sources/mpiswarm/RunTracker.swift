import CommandLine
import Control
import MPITransport
import Node
import Swarm
import Vocabulary
import Wire

/// A tracker of `run`. Rank 0 tells its user what happened, and leaves last with the verdict; when
/// it was lost, the next one does so.
struct RunTracker {
    let options: RunOptions
    private let superPeers: SuperPeers
    private let clock = ProcessClock()

    init(options: RunOptions, superPeers: SuperPeers) {
        self.options = options
        self.superPeers = superPeers
    }

    func track(_ world: borrowing MPIWorld) -> Int32 {
        let rules: TrackerRules
        do throws(SuperPeerRefusal) {
            rules = try superPeers.rules(of: world.rank)
        } catch {
            // Whoever fails ends the others too.
            if world.rank == .first { say("mpiswarm: run: \(error.sentence)\n", on: .error) }
            return UsageError.exitStatus
        }
        if world.rank == .first, let warning = superPeers.warning(rules) {
            say("mpiswarm: \(warning)\n", on: .error)
        }
        let network = MPIEndpoint(
            world, reading: [.tracker, .overlay], messageSizeMax: Head.messageMax)
        var node = TrackerNode(
            rules: rules, network: network, trace: openTrace(options.traceFolder, world.rank),
            now: clock.now)
        var backoff = Backoff()
        while !node.isOver {
            if node.step(now: clock.now) { backoff.reset() }
            for warning in node.takeWarnings() {
                say("mpiswarm: \(sentence(warning))\n", on: .error)
            }
            if let wait = backoff.next(atMost: idleRest) { rest(wait) }
        }
        let status = node.machine.isCounting ? tell(node.machine) : 0
        var left = node.leave()
        close(&left, by: clock)
        return status
    }

    /// Says what came of it, and gives the verdict.
    private func tell(_ tracker: borrowing Tracker) -> Int32 {
        if let refusal = tracker.refusal {
            say("mpiswarm: \(harmless(refusal.refusal))\n", on: .error)
            return UsageError.exitStatus
        }
        if options.queries != nil { return QueryStory(options, superPeers).tell(tracker) }
        let summary = Summary(of: tracker.accounts, took: clock.now - .zero)
        for line in summary.failures { say("mpiswarm: \(line)\n", on: .error) }
        if options.stats { say(summary.stats, on: .output) }
        say(summary.line + "\n", on: .output)
        // Rank 0 was lost: its end looks clean, and this is not how a job should go.
        guard tracker.rules.rank == .first else { return 1 }
        return summary.isComplete ? 0 : 1
    }

    private func sentence(_ warning: TrackerWarning) -> String {
        switch warning {
        case .disagreement(let name, let owners):
            "warning: \(name) is not the same at "
                + owners.map { "rank \($0)" }.joined(separator: " and ")
                + "; that of rank \(owners[0]) is served"
        case .lost(let rank): "warning: nothing was heard of rank \(rank): it counts as lost"
        case .returned(let rank): "warning: rank \(rank) is back"
        case .parted(let trackers):
            "warning: no query reaches "
                + trackers.map { "rank \($0)" }.joined(separator: " and ") + " any more"
        case .noted(let rank, let words): "warning: rank \(rank): \(harmless(words))"
        }
    }
}

/// Takes leave of the network, with limited patience for what was sent to the dead.
func close(_ network: inout MPIEndpoint, by clock: ProcessClock) {
    let end = clock.now + leavePatience
    network.close(while: {
        rest(.microseconds(200))
        return clock.now < end
    })
}
