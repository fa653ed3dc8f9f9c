import CommandLine
import Control
import MPITransport
import Node
import Swarm
import Vocabulary

/// What the tracker that counts reports of a job of `run`.
struct RunAccount: Sendable {
    let options: RunOptions
    let names: RankNames
    let clock: ProcessClock

    /// Prints what came of it and returns the exit status.
    func report(_ tracker: borrowing Tracker) -> Int32 {
        let peers = tracker.accounts
        let summary = Summary(of: peers, took: clock.now - .zero, names: names)
        for line in summary.failures { say("mpiswarm: \(line)\n", on: .error) }
        if options.stats { say(summary.stats, on: .output) }
        say(summary.line + "\n", on: .output)
        let isWritten = write(
            ReportPage(
                title: "mpiswarm run \(options.directory)", line: summary.line,
                failures: summary.failures, peers: peers, names: names), to: options.report)
        // Rank 0 was lost: its end looks clean, and this is not how a job should go.
        guard isWritten, tracker.rules.rank == .first else { return 1 }
        return summary.isComplete ? 0 : 1
    }

    /// What a peer does when all trackers are lost.
    func heir(at place: MPIPlace, _ grouping: Grouping, trace: Trace?) -> Heir {
        Heir(
            at: place, by: clock, trace: trace,
            rules: { grouping.rules(of: place.rank, after: $0) }, report: { report($0) })
    }
}
