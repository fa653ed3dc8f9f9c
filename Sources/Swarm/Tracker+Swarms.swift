import Vocabulary
import Wire

/// Who is in which swarm, and what can no longer be had.
extension Tracker {
    mutating func swarmRequested(
        _ index: Int, _ content: ContentID, _ want: WantNumber, _ selector: Selector,
        _ needsManifest: Bool, tail: RawSpan, effects: inout Effects<TrackerEffect>
    ) throws(WireError) {
        var found: Int?
        switch selector {
        case .name:
            let name = try RelativePath(reading: tail)
            found = catalog.index(named: name, isLive: !rules.isBatch)
        case .content:
            guard tail.byteCount == 0 else { throw .malformed }
            found = catalog.index(of: content)
        case .wholeDigest: break
        }
        // Before all lists are in nobody can say that a name is unknown: ask again.
        guard stage == .running else { return }
        // Where peers come and go nobody waits for a seed to come again.
        if let there = found, !rules.isBatch, needsManifest, !catalog[there].hasSeed { found = nil }
        guard let found else { return send(.swarmUnknown(want: want), to: index, &effects) }
        catalog[found].enter(peers[index].rank, isSeed: false, asks: true)
        let members = neighbours(of: peers[index].rank, in: catalog[found])
        let manifest = catalog[found].manifest
        let answer = effects.tail { bytes in
            members.write(to: &bytes)
            if needsManifest { bytes.append(contentsOf: manifest.bytes) }
        }
        let message = DownloadMessage.swarm(
            catalog[found].content, want: want, seeds: UInt32(members.seeds.count),
            peers: UInt32(members.peers.count))
        effects.append(.send(.download(message), answer, to: peers[index].rank))
        tellSeal(of: found, to: peers[index].rank, &effects)
    }

    /// Everybody, or who stands beside it in the swarm's graph, and for those who are stalled as
    /// many others, new ones each time: what it lacks may be with none of its neighbours.
    private mutating func neighbours(of rank: Rank, in row: SwarmRow) -> MemberList {
        guard row.members.count > rules.meshMax + 1 else {
            return row.memberList(of: row.members.lazy.map(\.rank), for: rank)
        }
        let first = Int(rules.firstPeer.raw)
        let graph = NeighbourGraph(
            size: rules.peerCount, seed: rules.seed &+ row.content.high ^ row.content.low)
        var ranks = graph.neighbours(of: Int(rank.raw) - first, degree: rules.degree) {
            row.isMember(Rank(Int32($0 + first)))
        }.map { Rank(Int32($0 + first)) }
        if row.isStalled(rank) {
            for _ in 0..<rules.degree {
                let other = row.members[chance.below(row.members.count)].rank
                if !ranks.contains(other) { ranks.append(other) }
            }
        }
        return row.memberList(of: ranks, for: rank)
    }

    /// Who said what it wants is a member from the start, so that the swarm's graph is whole
    /// before anybody begins.
    mutating func enterWanters() {
        for index in peers.indices where peers[index].stage == .listed { enterWants(of: index) }
    }

    mutating func enterWants(of index: Int) {
        for name in peers[index].wants {
            guard let found = catalog.index(named: name) else { continue }
            catalog[found].enter(peers[index].rank, isSeed: false)
        }
    }

    mutating func progressed(_ index: Int, _ content: ContentID) {
        guard let found = catalog.index(of: content) else {
            violations += 1
            return
        }
        catalog[found].progressed(peers[index].rank)
    }

    mutating func completed(_ index: Int, _ content: ContentID) {
        guard let found = catalog.index(of: content) else {
            violations += 1
            return
        }
        catalog[found].enter(peers[index].rank, isSeed: true)
    }

    mutating func stalled(
        _ index: Int, _ content: ContentID, _ missing: UInt32, _ fingerprint: UInt64, now: Tick
    ) {
        guard let found = catalog.index(of: content) else {
            violations += 1
            return
        }
        catalog[found].stalled(
            peers[index].rank, missing: missing, fingerprint: fingerprint, now: now)
    }

    mutating func declareLosses(now: Tick, effects: inout Effects<TrackerEffect>) {
        for found in catalog.swarms.indices {
            let row = catalog[found]
            guard
                row.isLost(
                    now: now, lease: rules.lease, patientLeases: rules.patientLeases)
            else { continue }
            guard !rescue(found, &effects) else { continue }
            for member in row.members where !member.isSeed {
                catalog[found].leave(member.rank)
                guard let missing = member.stall?.missing else { continue }
                let message = DownloadMessage.swarmLost(row.content, missing: missing)
                effects.append(.send(.download(message), .none, to: member.rank))
            }
        }
    }

    /// Where peers come and go, who waits for a content without a seed is told that it is no more.
    mutating func tellWithdrawn(_ content: ContentID, _ effects: inout Effects<TrackerEffect>) {
        guard !rules.isBatch, let found = catalog.index(of: content), !catalog[found].hasSeed
        else { return }
        for member in catalog[found].members where member.hasAsked && !member.isSettled {
            catalog[found].leave(member.rank)
            effects.append(.send(.download(.withdrawn(content)), .none, to: member.rank))
        }
    }

    func sendRoll(from: UInt32, to index: Int, _ effects: inout Effects<TrackerEffect>) {
        let rows = peers.dropFirst(Int(from)).prefix(Head.tailMax / RollEntry.byteCount)
        let tail = effects.tail { bytes in
            for row in rows {
                RollEntry(rank: row.rank, presence: row.presence).write(to: &bytes)
            }
        }
        let message = DownloadMessage.roll(
            from: from, entries: UInt32(rows.count), isLast: rows.endIndex == peers.endIndex)
        effects.append(.send(.download(message), tail, to: peers[index].rank))
    }

    func sendCatalog(from: UInt32, to index: Int, _ effects: inout Effects<TrackerEffect>) {
        let rows = catalog.swarms.dropFirst(Int(from))
        var entries: UInt32 = 0
        let tail = effects.tail { bytes in
            let start = bytes.count
            for row in rows {
                guard bytes.count - start + Self.catalogEntryMax <= Head.tailMax else { break }
                CatalogEntry(row).write(to: &bytes)
                entries += 1
            }
        }
        let isLast = Int(entries) == rows.count
        let message = DownloadMessage.catalog(from: from, entries: entries, isLast: isLast)
        effects.append(.send(.download(message), tail, to: peers[index].rank))
    }

    /// The longest name, and the numbers beside it.
    private static let catalogEntryMax = RelativePath.byteCountMax + 64
}

extension CatalogEntry {
    fileprivate init(_ row: SwarmRow) {
        let seeds = row.members.count { $0.isSeed }
        self.init(
            name: row.name, content: row.content, size: row.size, pieces: row.pieces,
            seeds: UInt32(seeds), peers: UInt32(row.members.count - seeds))
    }
}
