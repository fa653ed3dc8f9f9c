import CommandLine
import Swarm

/// The reporter of a rank that tracks in place of rank 0, and knows no more than any other rank.
struct HeirReporter: JobReporter {
    private var losses = ReportedLosses()
    private let log: JobLog
    private let words: ([PeerRow]) -> String
    private let result: (borrowing Tracker) -> Int32

    init(
        _ log: JobLog, interruptedWords: @escaping ([PeerRow]) -> String,
        report: @escaping (borrowing Tracker) -> Int32
    ) {
        self.log = log
        words = interruptedWords
        result = report
    }

    mutating func warn(_ warning: TrackerWarning) {
        guard losses.isNews(warning) else { return }
        log.print("mpiswarm: \(warning.sentence())")
    }

    func interruptedWords(_ peers: [PeerRow]) -> String { words(peers) }

    func report(_ tracker: borrowing Tracker) -> Int32 { result(tracker) }
}
