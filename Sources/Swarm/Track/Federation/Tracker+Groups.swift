import Vocabulary
import Wire

/// One job of several groups. Every tracker reports the phase of its group to the root, and follows
/// the root. All trackers report their states again four times a lease, so that the next root
/// learns them after the loss of one.
extension Tracker {
    /// Does nothing where this is the only tracker.
    mutating func timeoutGroups(now: Tick, effects: inout Effects<TrackerEffect>) {
        guard groups != nil else { return }
        expireTrackers(now: now, &effects)
        endQueries(now: now, &effects)
        giveUpAbsent(now: now, &effects)
        guard groups?.isReportDue(now: now) == true else { return }
        reportPhase(&effects)
        broadcastStage(&effects)
    }

    private mutating func expireTrackers(now: Tick, _ effects: inout Effects<TrackerEffect>) {
        guard let before = groups?.root, let lost = groups?.expire(now: now), !lost.isEmpty
        else { return }
        missTrackers(lost, root: before, &effects)
    }

    private mutating func missTrackers(
        _ lost: [Rank], root before: Rank, _ effects: inout Effects<TrackerEffect>
    ) {
        for tracker in lost {
            overlay?.setLost(tracker, true)
            warn(dead.contains(tracker) ? .died(tracker) : .lost(tracker), &effects)
        }
        rootMayHaveChanged(from: before, &effects)
        warnOfParting(&effects)
    }

    /// A tracker whose death is certain is not waited for.
    mutating func trackerDied(
        _ rank: Rank, now: Tick, _ effects: inout Effects<TrackerEffect>
    ) {
        guard let before = groups?.root, groups?.living.contains(rank) == true else { return }
        groups?.setLost(rank, now: now)
        missTrackers([rank], root: before, &effects)
    }

    /// A new root does not know the other groups, so every tracker reports all of its peers.
    private mutating func rootMayHaveChanged(
        from before: Rank, _ effects: inout Effects<TrackerEffect>
    ) {
        guard let root = groups?.root, root != before else { return }
        reportPhase(&effects)
        guard root != rules.rank else { return reviewRooms(&effects) }
        for peer in peers { reportAccount(peer, &effects) }
    }

    /// Warns of living trackers that no query of this one can reach any more.
    private mutating func warnOfParting(_ effects: inout Effects<TrackerEffect>) {
        guard let overlay, let groups, groups.isRoot else { return }
        let hops = overlay.rules.topology.distances(from: rules.rank, without: overlay.lost)
        let parted = groups.living.filter {
            hops[Int($0.raw)].map { $0 > overlay.rules.timeToLive } ?? true
        }
        if !parted.isEmpty { warn(.parted(parted), &effects) }
    }

    /// Has rank 0 print the warning, whichever tracker gives it.
    mutating func warn(_ warning: TrackerWarning, _ effects: inout Effects<TrackerEffect>) {
        guard let groups, !groups.isRoot else { return effects.append(.warn(warning)) }
        switch warning {
        case .lost(let rank), .died(let rank), .unresponsive(let rank):
            if rules.contains(rank) { sendToRoot(.news(of: rank, .lost), &effects) }
        case .returned(let rank):
            if rules.contains(rank) { sendToRoot(.news(of: rank, .returned), &effects) }
        case .disagreement(let name, let owners):
            let named = owners.prefix(Self.ownersNamedMax)
            let tail = effects.tail { bytes in
                for owner in named { bytes.write(owner) }
                bytes += name.utf8
            }
            sendToRoot(.disagreement(owners: UInt32(named.count)), tail: tail, &effects)
        // Each tracker itself names the ranks of its own group.
        case .accused: effects.append(.warn(warning))
        case .noted(let rank, let words):
            let tail = effects.tail { $0 += words.utf8 }
            sendToRoot(.noted(of: rank), tail: tail, &effects)
        case .parted: break
        }
    }

    private static var ownersNamedMax: Int { 256 }

    /// Sends a message to the root.
    func sendToRoot(
        _ message: GroupMessage, tail: Tail = .none, _ effects: inout Effects<TrackerEffect>
    ) {
        guard let groups, !groups.isRoot else { return }
        effects.append(.send(.overlay(.group(message)), tail, to: groups.root))
    }

    private var phase: Groups.Phase {
        switch stage {
        case .gathering:
            count(.listed, .refused, .closed, .lost) == peers.count ? .ready : .working
        case .running: isIdle ? .done : .working
        case .closing: count(.closed, .lost) == peers.count ? .closed : .working
        case .over: .closed
        }
    }

    private var livingCount: Int { peers.count - count(.lost) }

    private func reportPhase(_ effects: inout Effects<TrackerEffect>) {
        guard let groups else { return }
        if isEndWanted { sendToRoot(.shutdown, &effects) }
        let count = UInt32(livingCount)
        switch groups.ownPhase {
        case .working: sendToRoot(.working(peers: count), &effects)
        case .ready: sendToRoot(.ready(peers: count), &effects)
        case .done:
            let failed = UInt32(self.count(.lost))
            sendToRoot(.done(peers: count, failed: failed), &effects)
        case .closed:
            let sent = overlay?.counts ?? OverlayCounts()
            sendToRoot(
                .closed(
                    queries: UInt32(clamping: sent.queriesSent),
                    hits: UInt32(clamping: sent.hitsSent)), &effects)
        }
    }

    /// The root reports the stage of the job to all other trackers.
    func broadcastStage(_ effects: inout Effects<TrackerEffect>) {
        guard let groups, groups.isRoot else { return }
        let lost = groups.lost
        let tail = effects.tail { bytes in
            for rank in lost { bytes.write(rank) }
        }
        let message: GroupMessage =
            switch stage {
            case .gathering: .jobState(.gathering, lost: UInt32(lost.count))
            case .running: .jobState(.running, lost: UInt32(lost.count))
            case .closing: .jobOver
            case .over: .jobClosed
            }
        for tracker in groups.others {
            effects.append(
                .send(
                    .overlay(.group(message)), message.takesTail ? tail : .none, to: tracker))
        }
    }

    mutating func advanceGroups(now: Tick, effects: inout Effects<TrackerEffect>) {
        if stage == .running { admitLate(&effects) }
        let phase = phase
        let isNew = groups?.ownPhase != phase
        let living = livingCount
        groups?.setPhase(of: rules.rank, phase, peers: living)
        if isNew { reportPhase(&effects) }
        guard let groups, groups.isRoot else { return }
        let before = stage
        if stage == .gathering { gatherGroups(now: now, effects: &effects) }
        if stage == .running, before == .running,
            isEndWanted || groups.isUnanimous(.done, now: now) || isRefused(now: now, &effects)
        {
            close(&effects)
        }
        if stage == .closing, before == .closing, groups.isUnanimous(.closed, now: now) {
            endGroups(&effects)
        }
        guard stage != before else { return }
        broadcastStage(&effects)
        advanceGroups(now: now, effects: &effects)
    }

    private mutating func gatherGroups(now: Tick, effects: inout Effects<TrackerEffect>) {
        guard let groups else { return }
        let isComplete = groups.isUnanimous(.ready, now: now)
        if let refusedSince {
            if isComplete || now >= refusedSince + rules.refusalPatience { return close(&effects) }
            effects.append(.wake(at: refusedSince + rules.refusalPatience))
        }
        if isComplete { begin(now: now, &effects) }
    }

    private mutating func endGroups(_ effects: inout Effects<TrackerEffect>) {
        stage = .over
        effects.append(.over)
    }

    /// Handles a message of another tracker about the job.
    mutating func heard(
        _ message: GroupMessage, _ tail: RawSpan, from rank: Rank, now: Tick,
        effects: inout Effects<TrackerEffect>
    ) throws(WireError) {
        guard let before = groups?.root else { return }
        if groups?.heard(from: rank, now: now) == true {
            overlay?.setLost(rank, false)
            warn(.returned(rank), &effects)
        }
        rootMayHaveChanged(from: before, &effects)
        switch message {
        case .jobState(let phase, let lostCount):
            guard try hears(from: rank, tail, lostCount, now: now) else { return }
            if phase == .running, stage == .gathering { begin(now: now, &effects) }
            correct(phase, of: rank, &effects)
        case .jobOver:
            guard rank == groups?.root || isRoot else { return }
            if stage == .gathering || stage == .running { close(&effects) }
        case .jobClosed:
            guard rank == groups?.root, stage != .over else { return }
            endGroups(&effects)
        case .shutdown: shutDown(&effects)
        case .working(let peers): groups?.setPhase(of: rank, .working, peers: Int(peers))
        case .ready(let peers): groups?.setPhase(of: rank, .ready, peers: Int(peers))
        case .done(let peers, _): groups?.setPhase(of: rank, .done, peers: Int(peers))
        case .closed(let queries, let hits):
            groups?.setPhase(of: rank, .closed)
            groups?.note(queries: Int(queries), hits: Int(hits), of: rank)
            // It repeats an answered message: it may have missed that this tracker is the root.
            if stage == .over { broadcastStage(&effects) }
        case .report, .list, .prepared, .news, .disagreement, .noted, .measured, .awaits, .room:
            try reportedOfPeer(message, tail, from: rank, now: now, effects: &effects)
        }
        advance(now: now, effects: &effects)
    }

    /// Whether another tracker's report of the job's stage counts. The root, too, accepts a later
    /// stage: it may have been stopped, or have taken over from a root whose last messages only
    /// others received.
    private mutating func hears(
        from rank: Rank, _ tail: RawSpan, _ lostCount: UInt32, now: Tick
    ) throws(WireError) -> Bool {
        guard rank == groups?.root else { return isRoot }
        try setLost(tail, lostCount, now: now)
        return true
    }

    /// Informs a root that believes the job to be at an earlier stage than it is.
    private func correct(
        _ phase: JobPhase, of rank: Rank, _ effects: inout Effects<TrackerEffect>
    ) {
        guard rank == groups?.root else { return }
        switch stage {
        case .running where phase == .gathering: sendToRoot(.jobState(.running, lost: 0), &effects)
        case .gathering, .running: break
        case .closing, .over: sendToRoot(.jobOver, &effects)
        }
    }

    private mutating func setLost(
        _ tail: RawSpan, _ count: UInt32, now: Tick
    ) throws(WireError) {
        guard tail.byteCount == Int(count) * 4 else { throw .malformed }
        var cursor = 0
        var lost: [Rank] = []
        for _ in 0..<count { lost.append(try tail.readRank(&cursor)) }
        for tracker in groups?.others ?? [] {
            let isLost = lost.contains(tracker)
            overlay?.setLost(tracker, isLost)
            if isLost {
                groups?.setLost(tracker, now: now)
            } else if tracker > (groups?.root ?? .first) {
                _ = groups?.heard(from: tracker, now: now)
            }
        }
    }
}
