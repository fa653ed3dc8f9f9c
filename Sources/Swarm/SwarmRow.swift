import Vocabulary
import Wire

/// What a tracker knows of one content: its name, where its manifest is, and who is in its swarm.
struct SwarmRow {
    struct Member {
        let rank: Rank
        var isSeed: Bool
        /// Set while it has nothing in flight and knows nobody with what it lacks.
        var stall: Stall?
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

    mutating func enter(_ rank: Rank, isSeed: Bool) {
        if let index = members.firstIndex(where: { $0.rank == rank }) {
            // Asking again is no progress: a stall goes on until a piece has come.
            members[index].isSeed = members[index].isSeed || isSeed
        } else {
            members.append(Member(rank: rank, isSeed: isSeed))
        }
        // Whoever had given up may find what it lacks at the newcomer or the new seed.
        if isSeed { for index in members.indices { members[index].stall = nil } }
    }

    mutating func leave(_ rank: Rank) { members.removeAll { $0.rank == rank } }

    mutating func clearStall(of rank: Rank) {
        guard let index = members.firstIndex(where: { $0.rank == rank }) else { return }
        members[index].stall = nil
    }

    mutating func stalled(_ rank: Rank, missing: UInt32, fingerprint: UInt64, now: Tick) {
        guard let index = members.firstIndex(where: { $0.rank == rank && !$0.isSeed }) else {
            return
        }
        if let known = members[index].stall, known.fingerprint == fingerprint { return }
        members[index].stall = Stall(missing: missing, fingerprint: fingerprint, since: now)
    }

    /// No seed lives and everybody who wants it has stalled: with the same pieces for a lease,
    /// or with different ones for several, which happens when members cannot reach each other.
    func isLost(now: Tick, lease: Duration, unequalLeases: Int) -> Bool {
        guard !hasSeed, let first = members.first?.stall else { return false }
        var latest = first.since
        var isEqual = true
        for member in members {
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
