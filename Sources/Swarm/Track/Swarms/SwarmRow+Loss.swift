import Vocabulary

/// Decides when the pieces that a swarm lacks can no longer be obtained.
extension SwarmRow {
    /// Whether the loss is certain now, without waiting: all members have stalled, they lack the
    /// same pieces, and they have heard from every other member that it lacks them too. A member
    /// that has not begun may still hold pieces of an earlier run.
    func isCertainlyStuck(now: Tick, lease: Duration) -> Bool {
        remote.count == 0 && isStuckHere(hasDead: false)
            && isStuckEverywhere(now: now, lease: lease)
    }

    /// Whether all members of this group have stalled, and have heard from every other member that
    /// it lacks the same pieces. With `hasDead` members count, too, that lack only the table of a
    /// publisher: a member reports that it publishes before it stalls, so the publisher is dead.
    func isStuckHere(hasDead: Bool) -> Bool {
        var isStalled = false
        let isTableLost = hasDead && isUnpublished
        for member in members where !member.isSettled && !member.isDiscounted {
            guard let stall = member.stall, stall.isCertain || isTableLost && stall.missing == 0
            else { return false }
            isStalled = true
        }
        return isStalled
    }

    /// Whether all members that want pieces have stalled, and no member has those.
    func isStuckEverywhere(now: Tick, lease: Duration) -> Bool {
        stuck(now: now, lease: lease)?.isCertain == true
    }

    /// Whether the swarm has been stalled for too long: for a lease where all members lack the same
    /// pieces, and for `patientLeases` where they lack different ones. The latter happens when
    /// members cannot reach each other, or know a seed that none of them can use.
    func isLost(now: Tick, lease: Duration, patientLeases: Int) -> Bool {
        guard let stuck = stuck(now: now, lease: lease) else { return false }
        return now >= stuck.since + (stuck.isCertain ? lease : lease * patientLeases)
    }

    /// Whether the swarm will be lost unless another rank helps, and has been stalled for a quarter
    /// of a lease.
    func needsHelp(now: Tick, lease: Duration) -> Bool {
        guard let stuck = stuck(now: now, lease: lease) else { return false }
        return stuck.isCertain && now >= stuck.since + lease / 4
    }

    /// The time since which all members that want pieces are stalled; nil if one is not. The loss
    /// is certain if they all lack the same pieces and no member has them, or if they lack only the
    /// table of a publisher that is gone, which a seed does not have either.
    private func stuck(now: Tick, lease: Duration) -> (since: Tick, isCertain: Bool)? {
        guard !remote.isActive else { return nil }
        var first: Stall?
        var latest = Tick.zero
        var isCertain = false
        for member in members where member.isWaiting && !awaitsPublisher(member) {
            guard let stall = member.stall else { return nil }
            if first == nil {
                let isHelpless = !hasSeed || stall.missing == 0 && isUnpublished
                isCertain = isHelpless && remote.isStalled(with: stall.fingerprint)
                first = stall
            }
            guard stall.missing > 0 || isUnpublished || seal != nil else { return nil }
            // A member that found something to fetch just stops reporting a stall.
            guard stall.isCurrent(now: now, lease: lease) else { return nil }
            latest = max(latest, stall.since)
            isCertain = isCertain && stall.fingerprint == first?.fingerprint
        }
        return first.map { _ in (latest, isCertain) }
    }

    /// Whether no rank is the publisher, and the table is not final.
    private var isUnpublished: Bool { publisher == nil && remote.publisher == nil && seal == nil }

    /// Whether the member has every piece and waits for the digests of a publisher that itself
    /// lacks pieces: then a rank that helps the publisher helps this member. A publisher that lacks
    /// nothing is still digesting, and the members wait for it.
    private func awaitsPublisher(_ member: Member) -> Bool {
        guard member.stall?.missing == 0, seal == nil else { return false }
        guard let publisher else { return remote.isPublisherStalled }
        let row = members.first { $0.rank == publisher }
        return row?.stall?.missing ?? 0 > 0
    }

    /// The member that can publish in place of a publisher that is gone: it has every piece. If
    /// possible, it is one of which no rank has complained: all others have to believe its table.
    var heir: Rank? {
        guard isUnpublished else { return nil }
        let able = members.filter { $0.stall?.mayPublish == true && $0.isHelpful }
        return able.filter { !$0.isAccused }.map(\.rank).min() ?? able.map(\.rank).min()
    }

    /// The next member to ask for the publisher's table, while a member still waits for it. Seeds
    /// come first, then members that wait themselves because they trusted the file that was in
    /// place and have not digested it; of each, those come last of which a rank has complained.
    /// Each gets a quarter of a lease before the next one is asked.
    func nextWitness(now: Tick, lease: Duration) -> Rank? {
        guard seal != nil, publisher == nil, remote.publisher == nil,
            waiting.contains(where: { $0.stall?.missing == 0 }),
            witnessAskedAt.map({ now >= $0 + lease / 4 }) ?? true
        else { return nil }
        let others = members.filter { !$0.wasWitness }
        let groups = [
            others.filter(\.isSeed),
            others.filter { !$0.isSeed && $0.stall?.missing == 0 && !$0.isSettled },
        ]
        return groups.lazy.compactMap { $0.filter { !$0.isAccused }.map(\.rank).min() }.first
            ?? groups.lazy.compactMap { $0.map(\.rank).min() }.first
    }

    /// The member to ask for the pieces that no other rank sends: if possible, one that lacks them
    /// itself.
    var reader: Rank? {
        members.lazy.filter(\.canRead).map(\.rank).min()
            ?? members.lazy.filter(\.couldRead).map(\.rank).min()
    }

    /// The members that have begun and not ended.
    var waiting: LazyFilterSequence<[Member]> {
        members.lazy.filter { $0.isWaiting }
    }
}

extension SwarmRow.Member {
    /// Whether the member has begun and not ended, and the swarm waits for it.
    var isWaiting: Bool { hasAsked && !isSettled && !isSeed && !isDiscounted }
}
