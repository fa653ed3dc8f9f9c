import Vocabulary
import Wire

/// The contents of the job, and the swarm of each: which members a peer learns of, which rank's
/// digests count, and which pieces can no longer be obtained.
struct Swarms {
    let rules: TrackerRules
    private(set) var catalog = Catalog()
    private var chance: Chance
    /// Whether answers that other trackers have received about these swarms may be outdated.
    private var hasChanged = false

    init(_ rules: TrackerRules) {
        self.rules = rules
        chance = Chance(seed: rules.seed)
    }

    subscript(_ index: Int) -> SwarmRow {
        _read { yield catalog[index] }
        _modify { yield &catalog[index] }
    }

    func index(of content: ContentID) -> Int? { catalog.index(of: content) }

    /// The content that the key stands for, if there is one. In a standing job a peer does not
    /// begin with a content that has no seed, because none may come back.
    func known(_ key: OverlayKey, toBegin: Bool) -> Int? {
        switch key {
        case .name(let name): return catalog.index(named: name, isLive: rules.kind.isStanding)
        case .content(let content):
            guard let found = catalog.index(of: content) else { return nil }
            return !rules.kind.isStanding || !toBegin || catalog[found].hasSeed ? found : nil
        case .catalog, .roll: return nil
        }
    }

    /// Whether a content that was found has an owner under that name below a rank.
    func hasOwner(of found: Int?, as key: OverlayKey, below rank: Rank?) -> Bool {
        guard let found, let rank, case .name(let name) = key else { return false }
        return catalog[found].names.lowestOwner(as: name) < rank
    }

    /// Notes a content that a peer owns, describes, or no longer has.
    mutating func note(_ entry: FileListEntry, of rank: Rank) {
        switch entry {
        case .owned(let name, let content, let size, let pieces, let manifest):
            let row = SwarmRow(
                name: name, content: content, size: size, pieces: pieces, manifest: manifest,
                lowestOwner: rank)
            catalog.add(row, named: name, by: rank, isSeed: true)
        case .described(let name, let content, let size, let pieces, let manifest):
            // In a standing job the peer has fetched the content, and the name belongs to its
            // owner.
            let row = SwarmRow(
                name: name, content: content, size: size, pieces: pieces, manifest: manifest,
                lowestOwner: rules.kind.isStanding ? Rank(.max) : rank)
            catalog.add(row, named: name, by: rank, isSeed: false)
        case .gone(let name, let content): catalog.withdraw(content, named: name, by: rank)
        case .wanted, .host, .reading, .notReading: break
        }
    }

    /// Makes messages that are sent only once go again to a member that asks to be let in again,
    /// because it may have missed them.
    mutating func repeatNews(to rank: Rank) { catalog.repeatNews(to: rank) }

    /// Notes the report of another tracker; see `Catalog.learn`.
    mutating func learn(
        _ found: FoundSwarm, _ content: ContentID, askedFor name: RelativePath?
    ) -> Int? {
        catalog.learn(found, content, askedFor: name)
    }

    /// Forgets contents that a tracker no longer lists under that name; see `Catalog.forget`.
    mutating func forget(_ tracker: Rank, of name: RelativePath, but kept: [ContentID]) {
        catalog.forget(tracker, of: name, but: kept)
    }

    mutating func change(_ content: ContentID, _ body: (inout SwarmRow) -> Void) {
        catalog.change(content, body)
    }

    /// Makes a peer a member as soon as it has listed a want, so that the swarm's graph is complete
    /// when peers begin.
    mutating func enter(_ peer: PeerRow) {
        for name in peer.listing.wants {
            guard let found = catalog.index(named: name) else { continue }
            catalog[found].expect(peer.rank)
        }
        if peer.isDone { settle(peer.rank) }
    }

    mutating func completed(_ found: Int, by rank: Rank) {
        catalog[found].enter(rank, isSeed: true)
        hasChanged = true
    }

    /// Notes progress of a rank. Returns false if the content is unknown.
    mutating func progressed(_ content: ContentID, by rank: Rank) -> Bool {
        guard let found = catalog.index(of: content) else { return false }
        catalog[found].progressed(rank)
        return true
    }

    /// Notes that a peer wants nothing more.
    mutating func settle(_ rank: Rank) { catalog.settle(rank) }

    /// Notes that a rank has complained of another one.
    mutating func accuse(_ rank: Rank) {
        for found in catalog.swarms.indices { catalog[found].accuse(rank) }
    }

    /// Notes that an accused rank makes no progress.
    mutating func discount(_ rank: Rank, now: Tick) {
        for found in catalog.swarms.indices {
            catalog[found].discount(rank, now: now, lease: rules.lease)
        }
    }

    mutating func leave(_ rank: Rank) { catalog.leave(rank) }

    mutating func expireRemote(now: Tick) { catalog.expireRemote(now: now) }

    /// Adds the peer to the swarm, and sends it the other members.
    mutating func answer(
        _ rank: Rank, _ want: WantNumber, needsManifest: Bool, _ found: Int,
        _ effects: inout Effects<TrackerEffect>
    ) {
        catalog[found].enter(rank, isSeed: false, asks: true)
        let members = neighbours(of: rank, in: catalog[found])
        let manifest = catalog[found].manifest
        let answer = effects.tail { bytes in
            members.write(to: &bytes)
            if needsManifest { bytes.append(contentsOf: manifest.bytes) }
        }
        let message = DownloadMessage.swarm(
            catalog[found].content, want: want, seeds: UInt32(members.seeds.count),
            peers: UInt32(members.peers.count))
        effects.append(.send(.download(message), answer, to: rank))
        sendSeal(of: found, to: rank, &effects)
    }

    /// All members, or the peer's neighbours in the graph of a large swarm. A stalled peer also
    /// gets the same number of random members, different ones each time, because perhaps none of
    /// its neighbours has its missing pieces.
    private mutating func neighbours(of rank: Rank, in row: SwarmRow) -> MemberList {
        let elsewhere = row.remote.ranks.filter { !row.isMember($0) }
        guard row.members.count + elsewhere.count > rules.meshMax + 1 else {
            return row.memberList(of: row.members.map(\.rank) + elsewhere, for: rank)
        }
        let first = Int(rules.firstPeer.raw)
        let graph = NeighbourGraph(
            size: rules.peerCount, seed: rules.seed &+ row.content.high ^ row.content.low)
        var ranks = graph.neighbours(of: Int(rank.raw) - first, degree: rules.degree) {
            let other = Rank(Int32($0 + first))
            return row.isMember(other) || row.remote.contains(other)
        }.map { Rank(Int32($0 + first)) }
        if row.isStalled(rank) {
            for _ in 0..<rules.degree {
                let number = chance.below(row.members.count + elsewhere.count)
                let other =
                    number < row.members.count
                    ? row.members[number].rank : elsewhere[number - row.members.count]
                if !ranks.contains(other) { ranks.append(other) }
            }
        }
        return row.memberList(of: ranks, for: rank)
    }

    /// The seeds of a content in all groups, in order.
    func seeds(of content: ContentID) -> [RollEntry] {
        guard let found = catalog.index(of: content) else { return [] }
        let row = catalog[found]
        let here = row.members.filter(\.isSeed).map(\.rank)
        let elsewhere = row.remote.ranks.filter { row.remote.isSeed($0) && !row.isMember($0) }
        return (here + elsewhere).sorted().map { RollEntry(rank: $0, presence: .present) }
    }

    /// Forgets abandoned contents in a standing job. A batch job reports all contents at its end.
    mutating func forgetAbandoned(now: Tick, silent: [Rank]) {
        catalog.forgetAbandoned(now: now, lease: rules.lease) { silent.contains($0) }
    }

    /// Whether anything has changed since the last call.
    mutating func takeChange() -> Bool {
        defer { hasChanged = false }
        return hasChanged
    }
}
