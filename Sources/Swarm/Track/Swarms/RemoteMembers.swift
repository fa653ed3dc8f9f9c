import Vocabulary
import Wire

/// The members of a swarm in other groups, as their trackers reported them, each with the time
/// until which the report counts. Invariant: `isSeed` holds the members of all groups, each once.
struct RemoteMembers: Sendable {
    struct Group: Sendable {
        let tracker: Rank
        var members: MemberList
        var isAlive: Bool
        var isActive: Bool
        var isStalled: Bool
        var fingerprint: UInt64?
        var publisher: Rank?
        var hasReader = false
        var leaseEnd: Tick
    }

    private(set) var groups: [Group] = []
    private var isSeed: [Rank: Bool] = [:]
    private(set) var seedCount = 0

    var count: Int { isSeed.count }
    var isAlive: Bool { groups.contains(where: \.isAlive) }
    var isActive: Bool { groups.contains(where: \.isActive) }
    var trackerOfReader: Rank? { groups.first(where: \.hasReader)?.tracker }

    /// The publisher, whose digests count, if it is in another group.
    var publisher: Rank? {
        for group in groups { if let publisher = group.publisher { return publisher } }
        return nil
    }

    /// Whether the publisher's group lacks pieces that no other rank sends.
    var isPublisherStalled: Bool {
        groups.contains { $0.publisher != nil && $0.isStalled && !$0.isActive }
    }

    func contains(_ rank: Rank) -> Bool { isSeed[rank] != nil }
    func knows(_ tracker: Rank) -> Bool { groups.contains { $0.tracker == tracker } }
    func isSeed(_ rank: Rank) -> Bool { isSeed[rank] ?? false }

    /// Whether all groups with stalled members lack the same pieces.
    func isStalled(with fingerprint: UInt64) -> Bool {
        groups.allSatisfy { !$0.isStalled || $0.fingerprint == fingerprint }
    }

    /// The members, in the order in which their trackers first answered.
    var ranks: [Rank] { groups.flatMap { $0.members.seeds + $0.members.peers } }

    /// Replaces the former report of that tracker. Returns true if a member or a seed is new.
    mutating func learned(_ group: Group, atMost most: Int) -> Bool {
        var isNew = false
        var members = MemberList(seeds: [], peers: [])
        let place = groups.firstIndex { $0.tracker == group.tracker }
        let others = groups.reduce(0) {
            $0 + ($1.tracker == group.tracker ? 0 : $1.members.seeds.count + $1.members.peers.count)
        }
        for rank in group.members.seeds where others + members.seeds.count < most {
            members.seeds.append(rank)
            isNew = isNew || isSeed[rank] != true
        }
        for rank in group.members.peers
        where others + members.seeds.count + members.peers.count < most {
            members.peers.append(rank)
            isNew = isNew || isSeed[rank] == nil
        }
        var group = group
        group.members = members
        if let place {
            let isSame = groups[place].members == members
            groups[place] = group
            if isSame { return false }
        } else {
            groups.append(group)
        }
        rebuild()
        return isNew
    }

    /// Forgets the members of a tracker whose group no longer has the content.
    mutating func forget(_ tracker: Rank) {
        guard knows(tracker) else { return }
        groups.removeAll { $0.tracker == tracker }
        rebuild()
    }

    /// Forgets reports that were not repeated for a lease.
    mutating func expire(now: Tick) {
        guard groups.contains(where: { $0.leaseEnd <= now }) else { return }
        groups.removeAll { $0.leaseEnd <= now }
        rebuild()
    }

    /// Removes a rank that has come to this group from the others. (Members that a lost tracker
    /// reported may live, and count until their lease ends.)
    mutating func remove(_ rank: Rank) {
        guard contains(rank) else { return }
        for place in groups.indices {
            groups[place].members.seeds.removeAll { $0 == rank }
            groups[place].members.peers.removeAll { $0 == rank }
        }
        rebuild()
    }

    /// A tracker that has died knows nothing any more of the peers of its group. They turn up in
    /// other groups, and count until its report expires. So does a dead peer: as long as it counts
    /// as a seed, no loss is certain, and another group may have a seed that is not known here yet.
    mutating func died(_ rank: Rank) {
        for place in groups.indices {
            if groups[place].publisher == rank { groups[place].publisher = nil }
            guard groups[place].tracker == rank else { continue }
            groups[place].isActive = false
            groups[place].isStalled = false
            groups[place].hasReader = false
        }
    }

    private mutating func rebuild() {
        isSeed.removeAll(keepingCapacity: true)
        for group in groups {
            for rank in group.members.peers where isSeed[rank] == nil { isSeed[rank] = false }
            for rank in group.members.seeds { isSeed[rank] = true }
        }
        seedCount = 0
        for group in groups {
            for rank in group.members.seeds where isSeed[rank] == true { seedCount += 1 }
        }
    }
}
