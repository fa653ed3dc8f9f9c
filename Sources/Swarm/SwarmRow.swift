import Vocabulary
import Wire

/// What a tracker knows of one content: its name, where its manifest is, and who is in its swarm.
struct SwarmRow {
    struct Member {
        let rank: Rank
        var isSeed: Bool
        /// Set while it has nothing in flight and knows nobody with what it lacks.
        var stall: Stall?
        /// It wants nothing more: it serves what it has, and nobody waits for it to stall.
        var isSettled = false
    }

    struct Stall: Equatable {
        let missing: UInt32
        let fingerprint: UInt64
        let since: Tick
    }

    let name: RelativePath
    let content: ContentID
    let size: ByteCount
    let pieces: UInt32
    let manifest: Descriptor
    /// The lowest peer that ever owned it: it decides which content a name stands for.
    var lowestOwner: Rank
    /// In the order in which they came.
    var members: [Member] = []

    var hasSeed: Bool { members.contains { $0.isSeed } }

    /// Asking again does not end a stall: whoever is stalled asks again and again.
    mutating func enter(_ rank: Rank, isSeed: Bool) {
        if let index = members.firstIndex(where: { $0.rank == rank }) {
            members[index].isSeed = members[index].isSeed || isSeed
            members[index].isSettled = false
        } else {
            members.append(Member(rank: rank, isSeed: isSeed))
        }
        // Whoever had given up may find what it lacks at the newcomer or the new seed.
        if isSeed { for index in members.indices { members[index].stall = nil } }
    }

    mutating func leave(_ rank: Rank) { members.removeAll { $0.rank == rank } }

    mutating func settle(_ rank: Rank) {
        guard let index = members.firstIndex(where: { $0.rank == rank }) else { return }
        members[index].isSettled = true
        members[index].stall = nil
    }

    /// Who speaks of its pieces is a member, also when its lease ran out in between.
    mutating func progressed(_ rank: Rank) {
        enter(rank, isSeed: false)
        for index in members.indices where members[index].rank == rank {
            members[index].stall = nil
        }
    }

    mutating func stalled(_ rank: Rank, missing: UInt32, fingerprint: UInt64, now: Tick) {
        enter(rank, isSeed: false)
        guard let index = members.firstIndex(where: { $0.rank == rank && !$0.isSeed }) else {
            return
        }
        if let known = members[index].stall, known.fingerprint == fingerprint { return }
        members[index].stall = Stall(missing: missing, fingerprint: fingerprint, since: now)
    }

    /// No seed lives and everybody who wants it has stalled: with the same pieces for a lease,
    /// or with different ones for several, which happens when members cannot reach each other.
    func isLost(now: Tick, lease: Duration, unequalLeases: Int) -> Bool {
        let waiting = members.lazy.filter { !$0.isSettled }
        guard !hasSeed, let first = waiting.first?.stall else { return false }
        var latest = first.since
        var isEqual = true
        for member in waiting {
            guard let stall = member.stall else { return false }
            latest = max(latest, stall.since)
            isEqual = isEqual && stall.fingerprint == first.fingerprint
        }
        return now >= latest + (isEqual ? lease : lease * unequalLeases)
    }

    func memberList(for asker: Rank) -> MemberList {
        var list = MemberList(seeds: [], peers: [])
        for member in members.prefix(MemberList.countMax) where member.rank != asker {
            if member.isSeed {
                list.seeds.append(member.rank)
            } else {
                list.peers.append(member.rank)
            }
        }
        return list
    }
}
