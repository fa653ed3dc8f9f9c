import Vocabulary
import Wire

/// Handles a job of several groups. Every tracker reports the phase of its group to the root, and
/// follows the root. All trackers report their states again four times a lease, so that the next
/// root learns them after the loss of one.
extension Tracker {
    /// Reviews the groups; does nothing if this is the only tracker.
    mutating func timeoutGroups(now: Tick, effects: inout Effects<TrackerEffect>) {
        guard trackers != nil else { return }
        expireTrackers(now: now, &effects)
        group.search.endQueries(group.members, now: now, &effects)
        group.rooms.giveUpAbsent(group.members, group.search.trackers?.groups, now: now, &effects)
        guard trackers?.groups.isReportDue(now: now) == true else { return }
        reportPhase(&effects)
        trackers?.groups.broadcast(stage, &effects)
    }

    private mutating func expireTrackers(now: Tick, _ effects: inout Effects<TrackerEffect>) {
        guard let before = trackers?.groups.root, let lost = trackers?.expire(now: now),
            !lost.isEmpty
        else { return }
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
        guard let before = trackers?.groups.root, trackers?.died(rank, now: now) == true else {
            return
        }
        missTrackers([rank], root: before, &effects)
    }

    /// Reports all peers of this tracker to a new root, which does not know the other groups.
    private mutating func rootMayHaveChanged(
        from before: Rank, _ effects: inout Effects<TrackerEffect>
    ) {
        guard let root = trackers?.groups.root, root != before else { return }
        reportPhase(&effects)
        guard root != rules.rank else {
            return group.rooms.review(group.members, group.search.trackers?.groups, &effects)
        }
        for peer in members.rows { reportAccount(peer, &effects) }
    }

    /// Warns of living trackers that no query of this tracker can reach any more.
    private mutating func warnOfParting(_ effects: inout Effects<TrackerEffect>) {
        guard let trackers, trackers.groups.isRoot else { return }
        let parted = trackers.parted
        if !parted.isEmpty { group.warn(.parted(parted), &effects) }
    }

    private func reportPhase(_ effects: inout Effects<TrackerEffect>) {
        if ending.isWanted { group.sendToRoot(.shutdown, &effects) }
        trackers?.groups.reportPhase(members, sent: overlayCounts, &effects)
    }

    mutating func advanceGroups(now: Tick, effects: inout Effects<TrackerEffect>) {
        if members.stage == .running { group.admitLate(&effects) }
        let phase = members.phase
        let isNew = trackers?.groups.ownPhase != phase
        let living = members.livingCount
        let own = rules.rank
        trackers?.groups.setPhase(of: own, phase, peers: living)
        if isNew { reportPhase(&effects) }
        guard let groups = trackers?.groups, groups.isRoot else { return }
        let deadCount = deadPeerCount
        let before = members.stage
        if members.stage == .gathering {
            let isComplete = groups.isUnanimous(.ready, deadCount: deadCount, now: now)
            gather(isComplete: isComplete, now: now, &effects)
        }
        if members.stage == .running, before == .running,
            ending.isWanted || groups.isUnanimous(.done, deadCount: deadCount, now: now)
                || isRefused(now: now, &effects)
        {
            close(&effects)
        }
        if members.stage == .closing, before == .closing,
            groups.isUnanimous(.closed, deadCount: deadCount, now: now)
        {
            endGroups(&effects)
        }
        guard members.stage != before else { return }
        groups.broadcast(stage, &effects)
        advanceGroups(now: now, effects: &effects)
    }

    /// The dead peers that no living tracker counts.
    private var deadPeerCount: Int {
        members.dead.count { rank in
            guard rules.contains(rank) else { return false }
            if let index = members.place(of: rank) { return members[index].isGone }
            return trackers?.groups.isMissing(rank) == true
        }
    }

    private mutating func endGroups(_ effects: inout Effects<TrackerEffect>) {
        members.stage = .over
        effects.append(.order(.over))
    }

    /// Handles a message of another tracker about the job.
    mutating func heard(
        _ message: GroupMessage, _ tail: RawSpan, from rank: Rank, now: Tick,
        effects: inout Effects<TrackerEffect>
    ) throws(WireError) {
        guard let before = trackers?.groups.root else { return }
        if trackers?.heard(from: rank, now: now) == true { group.warn(.returned(rank), &effects) }
        rootMayHaveChanged(from: before, &effects)
        switch message {
        case .jobState(let phase, let lostCount):
            guard try hears(from: rank, tail, lostCount, now: now) else { return }
            if phase == .running, members.stage == .gathering { begin(now: now, &effects) }
            trackers?.groups.correct(phase, of: rank, stage, &effects)
        case .jobOver:
            guard rank == trackers?.groups.root || isRoot else { return }
            if members.stage == .gathering || members.stage == .running { close(&effects) }
        case .jobClosed:
            guard rank == trackers?.groups.root, members.stage != .over else { return }
            endGroups(&effects)
        case .shutdown: shutDown(&effects)
        case .working(let peers): trackers?.groups.setPhase(of: rank, .working, peers: Int(peers))
        case .ready(let peers): trackers?.groups.setPhase(of: rank, .ready, peers: Int(peers))
        case .done(let peers, _): trackers?.groups.setPhase(of: rank, .done, peers: Int(peers))
        case .closed(let queries, let hits):
            trackers?.groups.setPhase(of: rank, .closed)
            trackers?.groups.note(queries: Int(queries), hits: Int(hits), of: rank)
            // The sender repeats an answered message, so it may have missed that this tracker is
            // the root.
            if members.stage == .over { trackers?.groups.broadcast(stage, &effects) }
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
        guard rank == trackers?.groups.root else { return isRoot }
        try trackers?.learnLost(tail, lostCount, now: now)
        return true
    }

    private mutating func preparedElsewhere(
        _ peer: Rank, _ readiness: Readiness, _ tail: RawSpan, by tracker: Rank, now: Tick
    ) throws(WireError) {
        let bytes = try tail.readBytes(min(tail.byteCount, Self.textMax))
        let text = String(decoding: bytes, as: UTF8.self)
        let mayRefuse = mayRefuse
        let isRefused = try trackers?.groups.accounts.prepared(
            peer, readiness, text, by: tracker, mayRefuse: mayRefuse)
        if isRefused == true { ending.refuse(now: now) }
    }
}
