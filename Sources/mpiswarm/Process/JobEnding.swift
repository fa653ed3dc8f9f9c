import Launch
import Node
import Swarm
import Vocabulary

/// The end of a job for one of its ranks: by a signal, or by its result.
///
/// After a signal, one line reports how much is complete. The signal thread asks for it; the thread
/// that tracks answers, because only it may read the accounts. Before a tracker counts, rank 0
/// prints that nothing has begun; after the result, no rank prints anything.
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

    /// The time to wait for an answer. A tracker looks for questions every few milliseconds, unless
    /// the machine is overloaded, and mpirun gives a rank a second.
    private static let patience = Duration.milliseconds(500)

    init(nothingBegun: String) { self.nothingBegun = nothingBegun }

    // MARK: the thread that tracks

    /// Makes this rank answer for the job from now on. If it dies, the next one tracks.
    func count() {
        notes.put(.counting)
        shareResult()
    }

    /// Makes another rank answer for the job from now on, so that this one prints nothing after a
    /// signal.
    func passOn() {
        notes.put(.passedOn)
        shareResult()
    }

    /// Notes that the other ranks can report the result if this one dies.
    func shareResult() { supervisor.wait().report(.resultShared) }

    /// Notes that only this rank can report the result: if it dies, the job must not look like a
    /// success.
    func oweResult() { supervisor.wait().report(.resultOwed) }

    /// Notes the stage of the root. Peers may leave from closing on, so that only this rank can
    /// report the result.
    func follow(_ stage: Tracker.Stage) {
        guard stage == .closing || stage == .over, owed.isEmpty else { return }
        owed.put(())
        oweResult()
    }

    /// To be called before the result is printed; `peers` are the peers in the result.
    func conclude(_ peers: [PeerRow] = []) {
        if peers.contains(where: { $0.stage == .lost }) { losses.put(()) }
        notes.put(.concluded)
    }

    /// Whether this rank has printed a result with lost ranks. Their nodes may be lost as well.
    var hasLosses: Bool { !losses.isEmpty }

    /// Answers the signal thread if it waits for an answer.
    func answer(_ words: () -> String) {
        var asked: [Void] = []
        if questions.empty(into: &asked) { notes.put(.words(words())) }
    }

    // MARK: the signal thread

    func ask() { questions.put(()) }

    /// Waits for the line to print; nil if this rank has to print none.
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
