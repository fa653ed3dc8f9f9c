import Vocabulary

/// When what a swarm lacks can no longer be had.
extension SwarmRow {
    /// Whether all members have said that nobody has what they lack, which is the same for all:
    /// then no time need pass. A member that has not begun may hold pieces of an earlier run.
    func isCertainlyStuck(now: Tick, lease: Duration) -> Bool {
        guard remote.count == 0, let stuck = stuck(now: now, lease: lease), stuck.isCertain else {
            return false
        }
        return members.allSatisfy { member in
            member.isSettled || member.stall?.isCertain == true
        }
    }

    /// Everybody who wants it has stalled: with the same pieces for a lease, or for several with
    /// different ones, which happens when members cannot reach each other, or although a seed
    /// lives, which then is none that anybody can use.
    func isLost(now: Tick, lease: Duration, patientLeases: Int) -> Bool {
        guard let stuck = stuck(now: now, lease: lease) else { return false }
        return now >= stuck.since + (stuck.isCertain ? lease : lease * patientLeases)
    }

    /// Whether it will be lost if nobody helps, for a quarter of a lease.
    func needsHelp(now: Tick, lease: Duration) -> Bool {
        guard let stuck = stuck(now: now, lease: lease) else { return false }
        return stuck.isCertain && now >= stuck.since + lease / 4
    }

    /// Since when everybody who wants it has stalled. It is certain where they lack the same and
    /// nobody has it.
    private func stuck(now: Tick, lease: Duration) -> (since: Tick, isCertain: Bool)? {
        guard !remote.isActive else { return nil }
        let stalls = waiting.filter { !awaitsPublisher($0) }
        guard let first = stalls.first?.stall else { return nil }
        var latest = first.since
        var isCertain = !hasSeed && remote.isStalled(with: first.fingerprint)
        for member in stalls {
            guard let stall = member.stall else { return nil }
            guard stall.missing > 0 || publisher == nil && remote.publisher == nil || seal != nil
            else { return nil }
            // A member that found something to fetch, or got its turn, just stops reporting that it
            // is stalled.
            guard now - stall.renewedAt < lease else { return nil }
            latest = max(latest, stall.since)
            isCertain = isCertain && stall.fingerprint == first.fingerprint
        }
        return (latest, isCertain)
    }

    /// It has everything, and its publisher lacks pieces that nobody sends: what helps that helps
    /// this one. While the publisher lacks nothing it is still digesting, and all wait for it.
    private func awaitsPublisher(_ member: Member) -> Bool {
        guard member.stall?.missing == 0, seal == nil else { return false }
        guard let publisher else { return remote.isPublisherStalled }
        let row = members.first { $0.rank == publisher }
        return row?.stall?.missing ?? 0 > 0
    }

    /// Those that have begun and not ended.
    var waiting: LazyFilterSequence<[Member]> {
        members.lazy.filter { $0.hasAsked && !$0.isSettled && !$0.isSeed }
    }
}
