import CommandLine
import Control
import MPITransport
import Node
import Swarm
import Vocabulary
import Wire

/// Rank 0 of `run`: tracks, tells its user what happened, and leaves last with the verdict.
struct RunTracker {
    let options: RunOptions
    private let clock = ProcessClock()

    init(options: RunOptions) { self.options = options }

    func track(_ world: borrowing MPIWorld) -> Int32 {
        let rules = TrackerRules(firstPeer: Rank(1), peerCount: world.rankCount - 1)
        let network = MPIEndpoint(
            world, reading: [.tracker, .overlay], messageSizeMax: Head.messageMax)
        var node = TrackerNode(
            rules: rules, network: network, trace: openTrace(options.traceFolder, world.rank),
            now: clock.now)
        var backoff = Backoff()
        while !node.isOver {
            if node.step(now: clock.now) { backoff.reset() }
            for warning in node.takeWarnings() {
                say("mpiswarm: \(warning.sentence)\n", on: .error)
            }
            if let wait = backoff.next(atMost: idleRest) { rest(wait) }
        }
        let status = tell(node.machine)
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
        let summary = Summary(of: tracker.peers, took: clock.now - .zero)
        for line in summary.failures { say("mpiswarm: \(line)\n", on: .error) }
        if options.stats { say(summary.stats, on: .output) }
        say(summary.line + "\n", on: .output)
        return summary.isComplete ? 0 : 1
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
