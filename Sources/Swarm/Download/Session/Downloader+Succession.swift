import Vocabulary
import Wire

/// From a tracker that is dead or silent to the next rank that keeps the account of the job, and
/// back to a former one that is heard again.
extension Downloader {
    /// A supervisor, or another witness that can be certain, reports the end of a rank.
    mutating func died(_ dead: Rank, now: Tick, _ effects: inout Effects<DownloaderEffect>) {
        guard dead != rank, stage != .over, succession.died(dead) else { return }
        for row in requests.indices.reversed() where requests[row].source == dead {
            if requests[row].stage == .asked { free(row) }
            if requests[row].stage == .late { askBack(row, &effects) }
        }
        neighbourLeft(dead, &effects)
        guard dead == rules.tracker else { return }
        reviewSolitude(now: now, &effects)
    }

    /// The only rank that can track is given more time than one of several.
    func isTrackerSilent(now: Tick) -> Bool {
        let leases = succession.isWithoutChoice ? 2 : 1
        return succession.isDead(rules.tracker) || now - trackerHeardAt >= rules.lease * leases
    }

    /// Joins the next rank that may track. False when there is none that we have not tried.
    mutating func joinNextTracker(now: Tick, _ effects: inout Effects<DownloaderEffect>) -> Bool {
        guard let next = succession.next(after: rules.tracker) else { return false }
        branches.moves += 1
        follow(next, now: now, &effects)
        switch stage {
        // A peer that is away, or about to go, only lets the next one know.
        case .leaving:
            if !rules.isLive { sendLastReport(&effects) }
            effects.append(.send(.tracker(.leave), .none, to: rules.tracker))
        case .away: effects.append(.send(.tracker(.leave), .none, to: rules.tracker))
        case .joining, .waiting, .running, .done:
            effects.append(.send(.tracker(.join), .none, to: rules.tracker))
        case .over: break
        }
        return true
    }

    private mutating func follow(
        _ next: Rank, now: Tick, _ effects: inout Effects<DownloaderEffect>
    ) {
        if rules.tracker == rank, succession.isHeir(rank) { effects.append(.standDown) }
        if next == rank, succession.isHeir(rank) {
            effects.append(.takeOver(succession.inheritance(of: rank)))
        }
        rules.tracker = next
        trackerHeardAt = now
    }

    /// A rank that was only cut off tracks again as soon as it is heard.
    func askSeniors(_ effects: inout Effects<DownloaderEffect>) {
        for senior in succession.seniors(of: rules.tracker) {
            effects.append(.send(.tracker(.join), .none, to: senior))
        }
    }

    /// What a former tracker says comes too late, unless it is in charge again: it then answers
    /// that we want to join.
    mutating func isHeeded(
        _ message: DownloadMessage, from source: Rank, now: Tick,
        _ effects: inout Effects<DownloaderEffect>
    ) throws(WireError) -> Bool {
        guard source != rules.tracker else {
            trackerHeardAt = now
            succession.heard()
            return true
        }
        guard message.isTrackers else { return true }
        guard succession.isCandidate(source) else { throw .malformed }
        switch message {
        case .fileListRequest where succession.isSenior(source, to: rules.tracker),
            .joinAck where succession.isSenior(source, to: rules.tracker):
            succession.returned()
            follow(source, now: now, &effects)
            return true
        default: return false
        }
    }
}
