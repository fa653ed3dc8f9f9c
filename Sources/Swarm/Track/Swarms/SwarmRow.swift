import Vocabulary
import Wire

/// One content as its tracker knows it: its names, its manifest, and the members of its swarm.
struct SwarmRow {
    static let rescuesMax: UInt8 = 3

    private enum Publication: Equatable {
        case none, lost
        case by(Rank)
    }

    var names: ContentNames
    let content: ContentID
    let size: ByteCount
    let pieces: UInt32
    let manifest: Descriptor
    /// The digest of the publisher's digest table, once that table is final.
    private(set) var seal: [UInt8]?
    private var publication = Publication.none
    /// The time at which a seed was last asked whether it has the publisher's table.
    private(set) var witnessAskedAt: Tick?
    /// The members, in the order in which they joined.
    private(set) var members: [Member] = []
    private(set) var seedCount = 0
    private var places: [Rank: Int] = [:]
    /// The members in other groups.
    var remote = RemoteMembers()
    /// The last seed that left. If it was only silent, it has the content when it comes back.
    private(set) var lastSeed: Rank?
    /// The time at which a check first found the swarm empty.
    var emptySince: Tick?

    init(
        name: RelativePath, content: ContentID, size: ByteCount, pieces: UInt32,
        manifest: Descriptor, lowestOwner: Rank
    ) {
        names = ContentNames(name, lowestOwner: lowestOwner)
        self.content = content
        self.size = size
        self.pieces = pieces
        self.manifest = manifest
    }

    /// The rank whose digests count; nil if the manifest has the digests, or that rank is gone.
    var publisher: Rank? { if case .by(let rank) = publication { rank } else { nil } }

    /// Whether the publisher is gone before its table was final, and no other rank is known in its
    /// place.
    var lacksPublisher: Bool { publication == .lost && remote.publisher == nil && seal == nil }

    var hasSeed: Bool { seedCount > 0 || remote.seedCount > 0 }

    /// Whether any rank may hold pieces of the content. A member that only listed it as wanted
    /// holds none.
    var isAlive: Bool { hasSeed || isAliveHere || remote.isAlive }

    /// Whether any rank of this group may hold pieces of the content.
    var isAliveHere: Bool { seedCount > 0 || members.contains(where: \.hasAsked) }

    func isSeed(_ rank: Rank) -> Bool { places[rank].map { members[$0].isSeed } ?? false }

    func isMember(_ rank: Rank) -> Bool { places[rank] != nil }

    /// Adds or updates a member. A repeated request does not end a stall, because a stalled member
    /// asks again and again.
    mutating func enter(_ rank: Rank, isSeed: Bool, asks: Bool = false) {
        let place = places[rank] ?? add(rank)
        if isSeed && !members[place].isSeed {
            members[place].isSeed = true
            seedCount += 1
        }
        members[place].hasAsked = members[place].hasAsked || asks
        // A member that gave up stays settled when the name that it wanted is found to stand for
        // this content.
        if asks || isSeed { members[place].isSettled = false }
        // Members that had stalled may find their missing pieces at the new seed.
        if isSeed { forgetStalls() }
    }

    /// Adds a rank that has listed the content as wanted, and will ask for it. The rank may also
    /// have listed it as described: ranks that know a content do that when an heir takes over.
    mutating func expect(_ rank: Rank) {
        enter(rank, isSeed: false)
        if let place = places[rank] { members[place].isSettled = false }
    }

    mutating func forgetStalls() {
        for index in members.indices { members[index].stall = nil }
    }

    private mutating func add(_ rank: Rank) -> Int {
        members.append(Member(rank: rank, isSeed: false))
        places[rank] = members.count - 1
        return members.count - 1
    }

    mutating func leave(_ rank: Rank) {
        guard let place = places.removeValue(forKey: rank) else { return }
        if members[place].isSeed {
            seedCount -= 1
            lastSeed = rank
        }
        if publisher == rank { publication = .lost }
        names.leave(rank)
        members.remove(at: place)
        for index in place..<members.count { places[members[index].rank] = index }
    }

    /// Notes the publisher's final table. Only the first report counts. Returns false for others.
    mutating func sealed(_ digest: [UInt8]) -> Bool {
        guard seal == nil else { return false }
        seal = digest
        return true
    }

    /// Marks a member as informed of the seal. Returns false if it knew, or is no member that knows
    /// the content: one that has only listed it gets the seal with the swarm.
    mutating func noteSealSent(to rank: Rank) -> Bool {
        guard let place = places[rank], !members[place].knowsSeal, members[place].knowsContent
        else { return false }
        members[place].knowsSeal = true
        return true
    }

    /// Makes the first member that reports itself as publisher the publisher.
    mutating func published(by rank: Rank) {
        guard publisher == nil, isMember(rank) else { return }
        publication = .by(rank)
    }

    /// Notes that another rank has to publish, because the table of this one will never be
    /// complete. A sealed table is complete.
    mutating func cannotPublish(_ rank: Rank) {
        if publisher == rank, seal == nil { publication = .lost }
    }

    /// Gives up a publisher of which a rank has complained, once its table is final and a member
    /// has waited for the table for half a lease: that member may understand nothing of it, and
    /// every rank with the same table will do.
    mutating func dismissAccusedPublisher(now: Tick, lease: Duration) {
        guard seal != nil, let publisher, let place = places[publisher], members[place].isAccused,
            waiting.contains(where: { member in
                guard let stall = member.stall, stall.missing == 0 else { return false }
                return now >= stall.since + lease / 2
            })
        else { return }
        publication = .lost
    }

    /// Marks a member as informed of the publisher. Returns false if it knew, or is no member that
    /// knows the content.
    mutating func notePublisherSent(_ publisher: Rank, to rank: Rank) -> Bool {
        guard let place = places[rank], members[place].publisher != publisher,
            members[place].knowsContent
        else { return false }
        members[place].publisher = publisher
        return true
    }

    /// Makes messages that are sent only once go to this member again, which may have missed them.
    mutating func repeatNews(to rank: Rank) {
        guard let place = places[rank] else { return }
        members[place].knowsSeal = false
        members[place].publisher = nil
    }

    mutating func accuse(_ rank: Rank) {
        if let place = places[rank] { members[place].isAccused = true }
    }

    /// Notes that an accused rank makes no progress. A stall that it does not repeat is over, and
    /// shows nothing.
    mutating func discount(_ rank: Rank, now: Tick, lease: Duration) {
        guard let place = places[rank] else { return }
        members[place].isHopeless = true
        if members[place].stall?.isCurrent(now: now, lease: lease) == false {
            members[place].stall = nil
        }
    }

    mutating func asked(_ witness: Rank, at now: Tick) {
        witnessAskedAt = now
        forgetStalls()
        if let place = places[witness] { members[place].wasWitness = true }
    }

    func wasAsked(_ rank: Rank) -> Bool { places[rank].map { members[$0].wasWitness } ?? false }

    mutating func standsBy(_ rank: Rank) {
        if let place = places[rank] { members[place].standsBy = true }
    }

    /// Notes that a member was asked to fetch the missing pieces. Stalled members have to report
    /// their stalls again.
    mutating func expectRescue(by rank: Rank) {
        for place in members.indices { members[place].stall = nil }
        if let place = places[rank] { members[place].rescues += 1 }
    }

    mutating func settle(_ rank: Rank) {
        guard let place = places[rank] else { return }
        members[place].isSettled = true
        members[place].stall = nil
    }

    func isSettled(_ rank: Rank) -> Bool { places[rank].map { members[$0].isSettled } ?? false }

    /// Notes progress of a rank, which makes it a member even if its lease ran out in between.
    mutating func progressed(_ rank: Rank) {
        let place = places[rank] ?? add(rank)
        members[place].hasAsked = true
        members[place].isSettled = false
        members[place].isHopeless = false
        members[place].stall = nil
    }

    mutating func stalled(
        _ rank: Rank, missing: UInt32, fingerprint: UInt64, isCertain: Bool, now: Tick
    ) {
        enter(rank, isSeed: false, asks: true)
        guard let place = places[rank], !members[place].isSeed else { return }
        if members[place].stall?.fingerprint == fingerprint {
            members[place].stall?.renewedAt = now
            members[place].stall?.isCertain = isCertain
            return
        }
        members[place].stall = Stall(
            missing: missing, isCertain: isCertain, fingerprint: fingerprint, since: now,
            renewedAt: now)
    }

    func isStalled(_ rank: Rank) -> Bool {
        places[rank].map { members[$0].stall != nil } ?? false
    }

    func memberList(of ranks: some Sequence<Rank>, for asker: Rank) -> MemberList {
        var list = MemberList(seeds: [], peers: [])
        for rank in ranks.prefix(MemberList.countMax) where rank != asker {
            guard let place = places[rank] else {
                guard remote.contains(rank) else { continue }
                if remote.isSeed(rank) { list.seeds.append(rank) } else { list.peers.append(rank) }
                continue
            }
            if members[place].isSeed { list.seeds.append(rank) } else { list.peers.append(rank) }
        }
        return list
    }

    func checkInvariants() {
        precondition(places.count == members.count, "a member twice in one swarm")
        for (index, member) in members.enumerated() {
            precondition(places[member.rank] == index, "a member's place drifted")
        }
        precondition(seedCount == members.count { $0.isSeed }, "the count of seeds drifted")
        names.checkInvariants()
        precondition(
            names.ownerCount == members.count { $0.isSeed && names.isOwner($0.rank) },
            "an owner is a seed")
    }
}
