import Vocabulary
import Wire

/// The relation of this rank to its tracker: whether the tracker has let it in, and still sends
/// messages.
///
/// Invariant: it lingers only while it is abandoned.
struct Session: Sendable {
    typealias Stage = Downloader.Stage

    private let rules: DownloaderRules
    private let rank: Rank
    var stage = Stage.joining
    /// Whether the tracker is silent, and no rank will report the end of the job.
    private(set) var isAbandoned = false
    /// Whether the uploader ends when no rank has requested anything for a while.
    private(set) var isLingering = false
    private(set) var nextAlive: Tick
    /// Whether a message of the tracker made no sense: the tracker sends most messages only once.
    private var hasMissedAny = false
    private var trackerHeardAt: Tick
    /// The ranks that may track, and which of them are known to be dead.
    private var succession: Succession

    init(_ rules: DownloaderRules, rank: Rank, now: Tick) {
        self.rules = rules
        self.rank = rank
        nextAlive = now + rules.aliveInterval
        trackerHeardAt = now
        succession = Succession(rules)
    }

    /// Whether this rank has left, or is about to.
    var isAway: Bool { stage == .leaving || stage == .away || stage == .over }

    /// Whether the tracker has the file list, or is about to get it, so that changes are reported.
    var isListed: Bool { stage == .waiting || stage == .running }

    /// Whether the next proof of life is due.
    mutating func isAliveDue(now: Tick) -> Bool {
        guard now >= nextAlive else { return false }
        // A rank that was stopped could not hear the tracker, which need not have been silent. The
        // tracker gets only that time in addition, because an heir does not wait for this rank for
        // ever.
        let gap = now - nextAlive
        if gap >= rules.aliveInterval { trackerHeardAt = min(now, trackerHeardAt + gap) }
        nextAlive = now + rules.aliveInterval
        return true
    }

    /// The message that proves to the tracker that this rank lives. If it is a request to be let in
    /// again, the tracker repeats what the rank has to know.
    mutating func proofOfLife() -> TrackerMessage {
        defer { hasMissedAny = false }
        return hasMissedAny ? .join : .alive
    }

    // MARK: The tracker

    /// Notes that a message of the tracker could not be read.
    mutating func missed() { hasMissedAny = true }

    /// Whether the tracker counts as silent. The only rank that can track gets more time than one
    /// of several.
    func isSilent(_ tracker: Rank, now: Tick) -> Bool {
        let leases = succession.isWithoutChoice ? 2 : 1
        return succession.isDead(tracker) || now - trackerHeardAt >= rules.lease * leases
    }

    /// Notes the death of a rank. Returns false if it was known.
    mutating func died(_ dead: Rank) -> Bool { succession.died(dead) }

    /// Turns to the next rank that may track. Returns false if all were tried.
    mutating func followNext(
        now: Tick, _ journal: inout Journal, _ effects: inout Effects<DownloaderEffect>
    ) -> Bool {
        guard let next = succession.next(after: journal.tracker) else { return false }
        journal.branches.moves += 1
        follow(next, now: now, &journal, &effects)
        return true
    }

    private mutating func follow(
        _ next: Rank, now: Tick, _ journal: inout Journal,
        _ effects: inout Effects<DownloaderEffect>
    ) {
        if journal.tracker == rank, succession.isHeir(rank) { effects.append(.standDown) }
        if next == rank, succession.isHeir(rank) {
            effects.append(.takeOver(succession.inheritance(of: rank)))
        }
        journal.tracker = next
        trackerHeardAt = now
    }

    /// Asks the ranks before an heir whether they are back: one that was only cut off tracks again
    /// as soon as it answers.
    func askSeniors(of tracker: Rank, _ effects: inout Effects<DownloaderEffect>) {
        for senior in succession.seniors(of: tracker) {
            effects.append(.send(.tracker(.join), .none, to: senior))
        }
    }

    /// Whether the message is to be handled. A former tracker's messages come too late, unless it
    /// is in charge again and answers this rank's request to join.
    mutating func isHeeded(
        _ message: DownloadMessage, from source: Rank, now: Tick, _ journal: inout Journal,
        _ effects: inout Effects<DownloaderEffect>
    ) throws(WireError) -> Bool {
        guard source != journal.tracker else {
            trackerHeardAt = now
            succession.heard()
            return true
        }
        guard message.isTrackers else { return true }
        guard succession.isCandidate(source) else { throw .malformed }
        switch message {
        case .fileListRequest where succession.isSenior(source, to: journal.tracker),
            .joinAck where succession.isSenior(source, to: journal.tracker):
            succession.returned()
            follow(source, now: now, &journal, &effects)
            return true
        default: return false
        }
    }

    // MARK: Without a tracker

    /// Gives up the tracker. Returns true the first time.
    mutating func abandon() -> Bool {
        defer { isAbandoned = true }
        return !isAbandoned
    }

    /// Notes that the tracker is heard again: it was stopped, or behind a crowded link.
    mutating func heardAgain(_ effects: inout Effects<DownloaderEffect>) {
        isAbandoned = false
        guard isLingering else { return }
        isLingering = false
        effects.append(.tell(.lingering(false)))
    }

    /// Begins to linger, when nothing is left to fetch.
    mutating func linger(_ effects: inout Effects<DownloaderEffect>) {
        guard !isLingering else { return }
        isLingering = true
        effects.append(.tell(.lingering(true)))
    }

    func checkInvariants() {
        precondition(!isLingering || isAbandoned, "it lingers though its tracker speaks")
    }
}
