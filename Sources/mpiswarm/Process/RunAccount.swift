import CommandLine
import Control
import Launch
import MPITransport
import Node
import Swarm
import Vocabulary
import Wire

/// The report of a job of `run`, by the tracker that decides for the job.
struct RunAccount: Sendable {
    let options: RunOptions
    let names: RankNames
    let clock: ProcessClock
    /// Whether a killed or interrupted peer leaves its pieces for the next run.
    var leavesParts = false

    /// Prints the result and returns the exit status.
    func report(_ tracker: borrowing Tracker) -> Int32 {
        let peers = tracker.accounts
        let summary = Summary(of: peers, took: clock.now - .zero, names: names)
        for line in summary.failures { say("mpiswarm: \(line)\n", on: .error) }
        if options.stats {
            say(summary.stats, on: .output)
            if let line = summary.workLine { say(line + "\n", on: .output) }
        }
        say(summary.line + "\n", on: .output)
        let isWritten = write(
            ReportPage(
                title: "mpiswarm run \(options.directory)", line: summary.line,
                failures: summary.failures, peers: peers, names: names,
                origin: .current), to: options.report)
        // Another rank reports only if rank 0 was lost; mpirun takes the end of rank 0 for a clean
        // one.
        guard isWritten, tracker.rules.rank == .first else { return 1 }
        return summary.isComplete ? 0 : 1
    }

    func interruptedWords(_ peers: [PeerRow]) -> String {
        guard options.queries == nil else {
            return "interrupted before all questions were answered"
        }
        let delivered = peers.reduce(0) { $0 + Int($1.report.totals.delivered) }
        let wanted = peers.reduce(0) { $0 + $1.wanted }
        return "interrupted: \(delivered) of \(wanted) files delivered; a rerun "
            + (leavesParts ? "does the rest" : "starts over")
    }

    /// The heir of a peer, for the loss of all trackers.
    func heir(
        at place: MPIPlace, _ grouping: Grouping, _ ending: JobEnding, _ deaths: DeathWatch,
        trace: Trace?
    ) -> Heir {
        Heir(
            at: place, by: clock, ending, deaths, trace: trace,
            rules: { grouping.rules(of: place.rank, after: $0) },
            interruptedWords: { interruptedWords($0) }, report: { report($0) })
    }
}
