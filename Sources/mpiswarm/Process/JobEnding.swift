import Launch
import Node
import Swarm
import Vocabulary

/// How a job ends for one of its ranks: by a signal, or by its result.
///
/// A signal is met by one line about what is complete. The signal thread asks for it; the thread
/// that tracks answers, as it alone may look at the accounts. Before a tracker counts, rank 0 says
/// that nothing has begun; after the result is printed no rank says anything more.
final class JobEnding: Sendable {
    private enum Note: Sendable {
        case counting
        case passedOn
        case concluded
        case words(String)
    }

    private let questions = Mailbox<Void>()
    private let notes = Mailbox<Note>()
    private let losses = Mailbox<Void>()
    private let nothingBegun: String
    private let owed = Mailbox<Void>()
    /// Set by the thread that starts the rank's work, and awaited by the others.
    let supervisor = Promised<SupervisorLine>()

    /// A tracker looks every few milliseconds, and mpirun leaves a rank a second.
    private static let patience = Duration.milliseconds(200)

    init(nothingBegun: String) { self.nothingBegun = nothingBegun }

    // MARK: the thread that tracks

    /// From here on this rank answers for the job. If it dies, the next one tracks.
    func count() {
        notes.put(.counting)
        shareResult()
    }

    /// From here on another rank answers for the job.
    func passOn() {
        notes.put(.passedOn)
        shareResult()
    }

    /// The others have what they need to report the result if this rank dies.
    func shareResult() { supervisor.wait().report(.resultShared) }

    /// No rank but this one can report the result: if it dies the job must not look like a success.
    func oweResult() { supervisor.wait().report(.resultOwed) }

    /// Notes the stage of the root. A peer that has sent its last report while the job is closing
    /// expects nothing more of any rank.
    func follow(_ stage: Tracker.Stage) {
        guard stage == .closing || stage == .over, owed.isEmpty else { return }
        owed.put(())
        oweResult()
    }

    /// The result is about to be printed.
    func conclude(_ peers: [PeerRow] = []) {
        if peers.contains(where: { $0.stage == .lost }) { losses.put(()) }
        notes.put(.concluded)
    }

    /// Whether this rank has printed a result with lost ranks. Their nodes may be lost as well.
    var hasLosses: Bool { !losses.isEmpty }

    /// Answers if the signal thread asks.
    func answer(_ words: () -> String) {
        var asked: [Void] = []
        if questions.empty(into: &asked) { notes.put(.words(words())) }
    }

    // MARK: the signal thread

    func ask() { questions.put(()) }

    /// Waits for the answer; nil where this rank has nothing to say.
    func answer(at rank: Rank) -> String? {
        let clock = ProcessClock()
        var batch: [Note] = []
        var last: Note?
        while true {
            notes.empty(into: &batch)
            last = batch.last ?? last
            batch.removeAll(keepingCapacity: true)
            switch last {
            case .words(let words): return words
            case .concluded, .passedOn: return nil
            case nil: return rank == .first ? nothingBegun : nil
            case .counting: break
            }
            if clock.now >= .zero + Self.patience { return "interrupted" }
            rest(.milliseconds(1))
        }
    }
}
