import Vocabulary
import Wire

/// The known contents, and the names of each, in the order in which the tracker learned them.
struct Catalog {
    private(set) var swarms: [SwarmRow] = []
    private var byContent: [ContentID: Int] = [:]
    private var byName: [RelativePath: [Int]] = [:]
    /// The names in the order in which they were learned, because a dictionary's order differs from
    /// run to run.
    private var names: [RelativePath] = []

    subscript(_ index: Int) -> SwarmRow {
        // The row is changed in place: a copy would copy thousands of members for each message.
        _read { yield swarms[index] }
        _modify { yield &swarms[index] }
    }

    func index(of content: ContentID) -> Int? { byContent[content] }

    /// The content of a name; of several, the content whose lowest owner is lowest.
    func index(named name: RelativePath, isLive: Bool = false) -> Int? {
        guard isLive else {
            return byName[name]?.filter { swarms[$0].isAlive }
                .min { lowestOwner($0, name) < lowestOwner($1, name) }
        }
        // In a standing job an owner may have changed its file while other peers still seed the old
        // content: the name stands for the owner's newest content.
        return newest(of: byName[name]?.filter { swarms[$0].stands(for: name) } ?? [], name)
    }

    private func lowestOwner(_ index: Int, _ name: RelativePath) -> Rank {
        swarms[index].names.lowestOwner(as: name)
    }

    private func newest(of rivals: [Int], _ name: RelativePath) -> Int? {
        func order(_ index: Int) -> (Rank, Int, Int) {
            let isOrphan = swarms[index].isOrphan(as: name)
            return (lowestOwner(index, name), isOrphan ? 1 : 0, -index)
        }
        return rivals.min { order($0) < order($1) }
    }

    /// The content of that name among those of this group, for a tracker that asks.
    func index(here name: RelativePath, isLive: Bool = false) -> Int? {
        guard !isLive else {
            let found = (byName[name] ?? []).filter { swarms[$0].standsHere(for: name) }
            return newest(of: found, name)
        }
        let here = (byName[name] ?? []).filter { !swarms[$0].members.isEmpty }
        let alive = here.filter { swarms[$0].isAliveHere }
        return (alive.isEmpty ? here : alive)
            .min { lowestOwner($0, name) < lowestOwner($1, name) }
    }

    mutating func repeatNews(to rank: Rank) {
        for index in swarms.indices { swarms[index].repeatNews(to: rank) }
    }

    mutating func expireRemote(now: Tick) {
        for index in swarms.indices { swarms[index].remote.expire(now: now) }
    }

    /// Adds a content that a peer has listed. A peer that only describes a content serves its
    /// manifest. It wants no pieces, so the tracker does not wait for it to stall.
    mutating func add(
        _ row: SwarmRow, named name: RelativePath, by owner: Rank, isSeed: Bool
    ) {
        let index = byContent[row.content] ?? append(row)
        enter(index, under: name, lowestOwner: row.names.lowestOwner(as: name))
        swarms[index].remote.remove(owner)
        swarms[index].enter(owner, isSeed: isSeed, asks: !isSeed)
        if isSeed {
            swarms[index].names.enter(owner, as: name)
        } else {
            swarms[index].settle(owner)
        }
    }

    /// Notes the report of another tracker on a content, and returns the content's index; nil if
    /// the content is new and its manifest is missing.
    mutating func learn(
        _ found: FoundSwarm, _ content: ContentID, askedFor name: RelativePath?
    ) -> Int? {
        if byContent[content] == nil {
            guard let manifest = found.manifest else { return nil }
            _ = append(
                SwarmRow(
                    name: found.name, content: content, size: found.size, pieces: found.pieces,
                    manifest: manifest, lowestOwner: found.lowestOwner))
        }
        guard let index = byContent[content] else { return nil }
        for name in [found.name, name ?? found.name] {
            enter(index, under: name, lowestOwner: found.lowestOwner)
        }
        return index
    }

    /// Enters a name of a content. A content may have several names, and each peer that lists it
    /// adds its own; otherwise the first peer would choose the only name.
    private mutating func enter(
        _ index: Int, under name: RelativePath, lowestOwner: Rank
    ) {
        swarms[index].names.learn(name, lowestOwner: lowestOwner)
        if byName[name] == nil { names.append(name) }
        if byName[name]?.contains(index) != true { byName[name, default: []].append(index) }
    }

    /// All contents of a name, and the lowest owner of each.
    func rivals(of name: RelativePath, isLive: Bool = false) -> [FoundSwarm.Rival] {
        (byName[name] ?? []).filter { !isLive || swarms[$0].standsHere(for: name) }.map {
            FoundSwarm.Rival(content: swarms[$0].content, owner: lowestOwner($0, name))
        }
    }

    /// Forgets contents that another tracker no longer lists under `name`. They are gone from that
    /// group, unless they have other names under which the group may still have them.
    mutating func forget(_ tracker: Rank, of name: RelativePath, but kept: [ContentID]) {
        for index in byName[name] ?? []
        where !kept.contains(swarms[index].content) && swarms[index].names.count == 1 {
            swarms[index].remote.forget(tracker)
        }
    }

    private mutating func append(_ row: SwarmRow) -> Int {
        swarms.append(row)
        byContent[row.content] = swarms.count - 1
        return swarms.count - 1
    }

    /// Removes contents that no peer has held or wanted for a lease, and frees their names: a job
    /// that runs for weeks sees many contents. `mayReturn` returns whether a silent rank may come
    /// back with its files.
    mutating func forgetAbandoned(
        now: Tick, lease: Duration, mayReturn: (Rank) -> Bool
    ) {
        var places: [Int?] = []
        var kept = 0
        for index in swarms.indices {
            let row = swarms[index]
            let isEmpty = row.members.isEmpty && row.remote.count == 0
            let since = isEmpty ? row.emptySince ?? now : nil
            swarms[index].emptySince = since
            let isOver = since.map { now >= $0 + lease } ?? false
            let stays = !isOver || row.lastSeed.map(mayReturn) ?? false
            places.append(stays ? kept : nil)
            kept += stays ? 1 : 0
        }
        guard kept < swarms.count else { return }
        swarms = swarms.indices.filter { places[$0] != nil }.map { swarms[$0] }
        byContent.removeAll(keepingCapacity: true)
        for (index, row) in swarms.enumerated() {
            byContent[row.content] = index
            if row.hasSeed { swarms[index].names.prune { row.stands(for: $0) } }
        }
        for name in names {
            let left =
                byName[name]?.compactMap { places[$0] }
                .filter { swarms[$0].names.contains(name) } ?? []
            byName[name] = left.isEmpty ? nil : left
        }
        names.removeAll { byName[$0] == nil }
    }

    mutating func leave(_ rank: Rank) {
        for index in swarms.indices { swarms[index].leave(rank) }
    }

    mutating func settle(_ rank: Rank) {
        for index in swarms.indices { swarms[index].settle(rank) }
    }

    mutating func withdraw(_ content: ContentID, named name: RelativePath, by rank: Rank) {
        if let index = byContent[content] { swarms[index].withdraw(name, by: rank) }
    }

    mutating func change(_ content: ContentID, _ body: (inout SwarmRow) -> Void) {
        if let index = byContent[content] { body(&swarms[index]) }
    }

    /// The entries that a peer listed as its own, as it listed them.
    func owned(by rank: Rank) -> [FileListEntry] {
        swarms.filter { $0.isSeed(rank) }.flatMap { row in
            row.names.all.filter { row.names.isOwner(rank, as: $0) }.map {
                .owned(
                    $0, row.content, size: row.size, pieces: row.pieces, manifest: row.manifest)
            }
        }
    }

    /// The names that stand for several contents, with the lowest owner of each content.
    func disagreements() -> [(name: RelativePath, owners: [Rank])] {
        names.sorted().compactMap { name in
            guard let rivals = byName[name], rivals.count > 1 else { return nil }
            return (name, rivals.map { lowestOwner($0, name) }.sorted())
        }
    }

    func checkInvariants() {
        for (index, row) in swarms.enumerated() {
            precondition(byContent[row.content] == index, "a content's index drifted")
            for name in row.names.all {
                precondition(byName[name]?.contains(index) == true, "a name lost its content")
            }
            row.checkInvariants()
        }
    }
}
