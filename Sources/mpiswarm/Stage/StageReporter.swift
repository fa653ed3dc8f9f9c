import CommandLine
import MPITransport
import Node
import Staging
import Swarm
import Vocabulary

/// Prints the warnings, the progress and the result on rank 0 of `stage` while it tracks, and ends
/// the job after the time that the user has set.
struct StageReporter: JobReporter {
    private let options: StageOptions
    private let report: StageReport
    private let clock: ProcessClock
    private var progress: StageProgress
    private var losses = ReportedLosses()
    private var isOverdue = false

    init(_ options: StageOptions, _ report: StageReport, _ clock: ProcessClock) {
        self.options = options
        self.report = report
        self.clock = clock
        progress = StageProgress(options, report, clock)
    }

    mutating func warn(_ warning: TrackerWarning) {
        if losses.isNews(warning) { progress.interrupt(report.sentence(warning)) }
    }

    mutating func interruptedWords(_ peers: [PeerRow]) -> String {
        progress.erase()
        return StageAccount.interruptedWords(options, peers, report.isReceiver)
    }

    mutating func follow(_ node: inout TrackerNode<MPIEndpoint>, now: Tick) {
        if progress.isDue { progress.show(node.machine.accounts) }
        guard !isOverdue, let timeout = options.timeout, now >= .zero + timeout else { return }
        isOverdue = true
        progress.interrupt("the job was aborted after \(timeout.shortText) (--timeout)")
        node.giveUp(now: now)
    }

    mutating func report(_ tracker: borrowing Tracker) -> Int32 {
        progress.end(tracker.accounts)
        return report.tell(tracker.accounts, took: clock.now - .zero)
    }
}
