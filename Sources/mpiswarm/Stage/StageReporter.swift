import CommandLine
import Content
import MPITransport
import Node
import Staging
import Swarm
import Vocabulary

/// Prints the warnings, the progress and the result on rank 0 of `stage` while it tracks, and ends
/// the job after the time that the user has set.
struct StageReporter: JobReporter {
    private let options: StageOptions
    private var report: StageReport
    private let whole: Mailbox<TreeManifest>
    private let clock: ProcessClock
    private var progress: StageProgress
    private var losses = ReportedLosses()
    private var isOverdue = false
    /// Kept as soon as no other rank writes any more.
    private let othersAreNamed: Promised<Bool>
    private var awaitsOthers: Bool

    init(_ report: StageReport, _ job: StageJob) {
        othersAreNamed = job.othersAreNamed
        whole = job.whole
        options = job.options
        clock = job.clock
        self.report = report
        awaitsOthers = options.collect != nil
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
        if awaitsOthers { reviewOthers(node.machine) }
        guard !isOverdue, let timeout = options.timeout, now >= .zero + timeout else { return }
        isOverdue = true
        progress.interrupt("the job was aborted after \(timeout.shortText) (--timeout)")
        node.giveUp(now: now)
    }

    private mutating func reviewOthers(_ tracker: borrowing Tracker) {
        let isDecided = tracker.peers.allSatisfy { peer in
            !report.isReceiver(peer.rank) || peer.rank == .first || peer.stage == .finished
                || peer.isGone
        }
        guard isDecided else { return }
        awaitsOthers = false
        othersAreNamed.keep(tracker.hasNames(besidesBy: .first))
    }

    mutating func report(_ tracker: borrowing Tracker) -> Int32 {
        progress.end(tracker.accounts)
        report.learn(from: whole)
        if let words = report.unreadWords(tracker.accounts) {
            report.log.print("mpiswarm: \(options.command): \(words)")
            return UsageError.exitStatus
        }
        report.note(contradicted: tracker.contradictedSources)
        return report.tell(tracker.accounts, took: clock.now - .zero)
    }
}
