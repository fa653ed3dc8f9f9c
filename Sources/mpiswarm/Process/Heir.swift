import Launch
import MPITransport
import Node
import Swarm
import Vocabulary
import Wire

/// The thread of a rank that tracks when all trackers before it are gone, and then reports the
/// result of the job. It waits until the rank's peer asks for that, and ends with the peer.
///
/// Two ranks that cannot hear each other may both track. As soon as they can, the higher one stands
/// down and reports nothing; if they never can, each reports what it knows.
struct Heir: Sendable {
    let notes: Mailbox<HeirNote>
    private let bell: ThreadBell
    private let place: MPIPlace
    private let clock: ProcessClock
    private let deaths: DeathWatch
    private let trace: Trace?
    private let rules: @Sendable (Inheritance) -> TrackerRules
    private let ending: JobEnding
    private let log: JobLog
    private let interruptedWords: @Sendable ([PeerRow]) -> String
    private let report: @Sendable (borrowing Tracker) -> Int32

    /// `rules` are those of this rank as a tracker that takes over; `interruptedWords` describes
    /// the progress of the job; `report` prints the result and returns the exit status.
    init(
        at place: MPIPlace, by clock: ProcessClock, _ ending: JobEnding, _ deaths: DeathWatch,
        trace: Trace?, log: JobLog = .none,
        rules: @escaping @Sendable (Inheritance) -> TrackerRules,
        interruptedWords: @escaping @Sendable ([PeerRow]) -> String,
        report: @escaping @Sendable (borrowing Tracker) -> Int32
    ) {
        let bell = ThreadBell()
        self.bell = bell
        notes = Mailbox(ringing: bell)
        self.place = place
        self.clock = clock
        self.deaths = deaths
        self.trace = trace
        self.rules = rules
        self.ending = ending
        self.log = log
        self.interruptedWords = interruptedWords
        self.report = report
    }

    /// Returns 0 if this rank never had to track to the end.
    func attend() -> Int32 {
        while let inheritance = waitForTurn() {
            if let status = track(inheritance) { return status }
        }
        return 0
    }

    private func waitForTurn() -> Inheritance? {
        var found: [HeirNote] = []
        while true {
            notes.empty(into: &found)
            for note in found {
                switch note {
                case .takeOver(let inheritance): return inheritance
                case .ended: return nil
                case .standDown: break
                }
            }
            found.removeAll()
            _ = bell.rest(atMost: .seconds(1))
        }
    }

    /// Tracks, and returns the exit status; nil if a rank that comes before this one tracks again.
    private func track(_ inheritance: Inheritance) -> Int32? {
        let network = MPIEndpoint(
            at: place, reading: [.tracker, .overlay], messageSizeMax: Head.messageMax)
        let node = TrackerNode(
            rules: rules(inheritance), network: network, trace: trace, now: clock.now)
        let reporter = HeirReporter(log, interruptedWords: interruptedWords, report: report)
        var found: [HeirNote] = []
        return TrackerLoop(ending: ending, deaths: deaths, clock: clock).run(node, reporter) {
            defer { found.removeAll() }
            return !notes.empty(into: &found) || !found.contains(.standDown)
        }
    }
}
