import Vocabulary
import Wire

/// Handles a job of several groups. Every tracker reports the phase of its group to the root, and
/// follows the root. All trackers report their states again four times a lease, so that the next
/// root learns them after the loss of one.
extension Tracker {
    /// Reviews the groups.
    mutating func timeoutGroups(now: Tick, effects: inout Effects<TrackerEffect>) {
        expireTrackers(now: now, &effects)
        group.search.endQueries(group.members, now: now, &effects)
        group.rooms.giveUpAbsent(group.members, group.search.trackers.groups, now: now, &effects)
        guard group.search.trackers.groups.isReportDue(now: now) else { return }
        reportPhase(&effects)
        group.search.trackers.groups.broadcast(stage, &effects)
    }

    private mutating func expireTrackers(now: Tick, _ effects: inout Effects<TrackerEffect>) {
        let before = group.search.trackers.groups.root
        let lost = group.search.trackers.expire(now: now)
        guard !lost.isEmpty else { return }
        missTrackers(lost, root: before, &effects)
    }

    private mutating func missTrackers(
        _ lost: [Rank], root before: Rank, _ effects: inout Effects<TrackerEffect>
    ) {
        for tracker in lost {
            group.warn(members.dead.contains(tracker) ? .died(tracker) : .lost(tracker), &effects)
        }
        rootMayHaveChanged(from: before, &effects)
        warnOfParting(&effects)
    }

    /// Stops waiting for a tracker whose death is certain.
    mutating func trackerDied(
        _ rank: Rank, now: Tick, _ effects: inout Effects<TrackerEffect>
    ) {
        let before = group.search.trackers.groups.root
        guard group.search.trackers.died(rank, now: now) else { return }
        missTrackers([rank], root: before, &effects)
    }

    /// Reports all peers of this tracker to a new root, which does not know the other groups.
    private mutating func rootMayHaveChanged(
        from before: Rank, _ effects: inout Effects<TrackerEffect>
    ) {
        let root = group.search.trackers.groups.root
        guard root != before else { return }
        reportPhase(&effects)
        guard root != rules.rank else {
            return group.rooms.review(group.members, group.search.trackers.groups, &effects)
        }
        for peer in members.rows { reportAccount(peer, &effects) }
    }

    /// Warns of living trackers that no query of this tracker can reach any more.
    private mutating func warnOfParting(_ effects: inout Effects<TrackerEffect>) {
        guard isRoot else { return }
        let parted = group.search.trackers.parted
        if !parted.isEmpty { group.warn(.parted(parted), &effects) }
    }

    func reportPhase(_ effects: inout Effects<TrackerEffect>) {
        if ending.isWanted { group.sendToRoot(.shutdown, &effects) }
        group.search.trackers.groups.reportPhase(members, sent: overlayCounts, &effects)
    }

    /// The dead peers that no living tracker counts.
    var deadPeerCount: Int {
        members.dead.count { rank in
            guard rules.contains(rank) else { return false }
            if let index = members.place(of: rank) { return members[index].isGone }
            return group.search.trackers.groups.isMissing(rank)
        }
    }

    /// Handles a message of another tracker about the job.
    mutating func heard(
        _ message: GroupMessage, _ tail: RawSpan, from rank: Rank, now: Tick,
        effects: inout Effects<TrackerEffect>
    ) throws(WireError) {
        let before = group.search.trackers.groups.root
        if group.search.trackers.heard(from: rank, now: now) {
            group.warn(.returned(rank), &effects)
        }
        rootMayHaveChanged(from: before, &effects)
        switch message {
        case .jobState(let phase, let lostCount):
            guard try hears(from: rank, tail, lostCount, now: now) else { return }
            if phase == .running, members.stage == .gathering { begin(now: now, &effects) }
            group.search.trackers.groups.correct(phase, of: rank, stage, &effects)
        case .jobOver:
            guard rank == group.search.trackers.groups.root || isRoot else { return }
            if members.stage == .gathering || members.stage == .running { close(&effects) }
        case .jobClosed:
            guard rank == group.search.trackers.groups.root, members.stage != .over else { return }
            end(&effects)
        case .shutdown: shutDown(&effects)
        case .working(let peers):
            group.search.trackers.groups.setPhase(of: rank, .working, peers: Int(peers))
        case .ready(let peers):
            group.search.trackers.groups.setPhase(of: rank, .ready, peers: Int(peers))
        case .done(let peers, _):
            group.search.trackers.groups.setPhase(of: rank, .done, peers: Int(peers))
        case .closed(let queries, let hits):
            group.search.trackers.groups.setPhase(of: rank, .closed)
            group.search.trackers.groups.note(queries: Int(queries), hits: Int(hits), of: rank)
            // The sender repeats an answered message, so it may have missed that this tracker is
            // the root.
            if members.stage == .over { group.search.trackers.groups.broadcast(stage, &effects) }
        case .prepared(let peer, let readiness):
            try preparedElsewhere(peer, readiness, tail, by: rank, now: now)
        case .report, .list, .news, .disagreement, .noted, .measured, .awaits, .room:
            try group.reportedElsewhere(message, tail, from: rank, &effects)
        }
        advance(now: now, effects: &effects)
    }

    /// Whether another tracker's report of the job's stage counts. The root, too, accepts a later
    /// stage: it may have been stopped, or have taken over from a root whose last messages only
    /// others received.
    private mutating func hears(
        from rank: Rank, _ tail: RawSpan, _ lostCount: UInt32, now: Tick
    ) throws(WireError) -> Bool {
        guard rank == group.search.trackers.groups.root else { return isRoot }
        try group.search.trackers.learnLost(tail, lostCount, now: now)
        return true
    }

    private mutating func preparedElsewhere(
        _ peer: Rank, _ readiness: Readiness, _ tail: RawSpan, by tracker: Rank, now: Tick
    ) throws(WireError) {
        let bytes = try tail.readBytes(min(tail.byteCount, Self.textMax))
        let text = String(decoding: bytes, as: UTF8.self)
        let mayRefuse = mayRefuse
        let isRefused = try group.search.trackers.groups.accounts.prepared(
            peer, readiness, text, by: tracker, mayRefuse: mayRefuse)
        if isRefused { ending.refuse(now: now) }
    }
}
