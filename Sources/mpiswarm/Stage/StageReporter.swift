import CommandLine
import MPITransport
import Node
import Staging
import Swarm
import Vocabulary

/// What rank 0 of `stage` prints while it tracks: warnings, progress and the result. It also ends
/// the job after the time that the user set.
struct StageReporter: JobReporter {
    private let options: StageOptions
    private let story: StageStory
    private let clock: ProcessClock
    private var progress: StageProgress
    private var losses = ReportedLosses()
    private var isOverdue = false

    init(_ options: StageOptions, _ story: StageStory, _ clock: ProcessClock) {
        self.options = options
        self.story = story
        self.clock = clock
        progress = StageProgress(options, story, clock)
    }

    mutating func warn(_ warning: TrackerWarning) {
        if losses.isNews(warning) { progress.interrupt(story.sentence(warning)) }
    }

    mutating func interruptedWords(_ peers: [PeerRow]) -> String {
        progress.erase()
        return StageAccount.interruptedWords(options, peers, story.isReceiver)
    }

    mutating func follow(_ node: inout TrackerNode<MPIEndpoint>, now: Tick) {
        if progress.isDue { progress.show(node.machine.accounts) }
        guard !isOverdue, let timeout = options.timeout, now >= .zero + timeout else { return }
        isOverdue = true
        progress.interrupt("given up after \(timeout.shortText)")
        node.giveUp(now: now)
    }

    mutating func report(_ tracker: borrowing Tracker) -> Int32 {
        progress.end(tracker.accounts)
        return story.tell(tracker.accounts, took: clock.now - .zero)
    }
}
