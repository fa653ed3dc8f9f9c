import Vocabulary
import Wire

/// Swarm membership, and contents that can no longer be obtained. Stalls count only after all lists
/// are in: a rank reports that it can read the source only after it was let in, so a swarm may look
/// lost to an heir while it is not.
extension Tracker {
    mutating func swarmRequested(
        _ index: Int, _ content: ContentID, _ want: WantNumber, _ selector: Selector,
        _ needsManifest: Bool, tail: RawSpan, now: Tick, effects: inout Effects<TrackerEffect>
    ) throws(WireError) {
        let key: OverlayKey
        switch selector {
        case .name: key = .name(try RelativePath(reading: tail))
        case .content:
            guard tail.byteCount == 0 else { throw .malformed }
            key = .content(content)
        case .catalog, .roll: key = .content(.none)
        }
        // Before all lists are in, no name can be called unknown: the peer asks again.
        guard stage == .running else { return }
        let found = known(key, toBegin: needsManifest)
        // The owners of other groups also decide the meaning of a name, unless all are higher.
        let isCertain: Bool
        switch key {
        case .name where rules.isBatch:
            // A peer that only asks which ranks have the name waits for all groups. So does a peer
            // whose name is not found, unless all groups were asked just now: the content may still
            // exist.
            let isKnown = overlay?.isResolved(key) ?? true
            isCertain =
                isKnown && (found != nil || isFresh(key, now: now))
                || needsManifest && hasLowestOwner(found, as: key)
        case .name: isCertain = isFresh(key, now: now)
        // In other jobs each request gets one answer, so a beginner waits for all groups.
        case .content where !rules.isBatch && needsManifest: isCertain = isFresh(key, now: now)
        case .content: isCertain = overlay == nil || found != nil
        case .catalog, .roll: isCertain = true
        }
        let waiter = PendingQuery.Waiter(
            peer: index, want: want, needsManifest: needsManifest, isAnswered: isCertain)
        if isCertain {
            if let found {
                answer(waiter, found, &effects)
            } else {
                sendUnknown(waiter, key, now: now, &effects)
            }
        }
        complete(waiter, key, needsManifest: found == nil, now: now, &effects)
    }

    /// In a batch job a peer gives up a name that is unknown. It therefore gets no answer, and asks
    /// again, while a tracker has not answered, while peers of a lost tracker may still turn up, or
    /// while a peer is still digesting a file of that name.
    func sendUnknown(
        _ waiter: PendingQuery.Waiter, _ key: OverlayKey, now: Tick,
        _ effects: inout Effects<TrackerEffect>
    ) {
        let isUnclear = overlay?.isUnclear(key) ?? false || isBeingRead(key)
        guard !rules.isBatch || !isUnclear && groups?.isSettling(now: now) != true else { return }
        send(.swarmUnknown(want: waiter.want), to: waiter.peer, &effects)
    }

    private func isBeingRead(_ key: OverlayKey) -> Bool {
        guard case .name(let name) = key else { return false }
        return peers.contains { !$0.isGone && $0.reading[name] != nil }
    }

    private func hasLowestOwner(_ found: Int?, as key: OverlayKey) -> Bool {
        guard let found, let lowestElsewhere, case .name(let name) = key else { return false }
        return catalog[found].names.lowestOwner(as: name) < lowestElsewhere
    }

    /// In a standing job no peer waits for a seed to come back.
    func known(_ key: OverlayKey, toBegin: Bool) -> Int? {
        switch key {
        case .name(let name): return catalog.index(named: name, isLive: !rules.isBatch)
        case .content(let content):
            guard let found = catalog.index(of: content) else { return nil }
            return rules.isBatch || !toBegin || catalog[found].hasSeed ? found : nil
        case .catalog, .roll: return nil
        }
    }

    /// Asks the other groups, unless they were asked a moment ago.
    private mutating func complete(
        _ waiter: PendingQuery.Waiter, _ key: OverlayKey, needsManifest: Bool, now: Tick,
        _ effects: inout Effects<TrackerEffect>
    ) {
        guard let overlay else { return }
        if overlay.isDue(key, now: now), !overlay.isPending(key) {
            beginQuery(key, needsManifest: needsManifest, now: now, &effects)
        } else if !waiter.isAnswered, !overlay.isPending(key) {
            // The groups were asked a moment ago, and none has it.
            return sendUnknown(waiter, key, now: now, &effects)
        }
        // In other jobs each request gets one answer, which was given.
        if rules.isBatch || !waiter.isAnswered {
            self.overlay?.wait(waiter, for: key, isEach: !rules.isBatch)
        }
        endQueries(now: now, &effects)
    }

    /// Adds the peer to the swarm, and sends it the other members.
    mutating func answer(
        _ waiter: PendingQuery.Waiter, _ found: Int, _ effects: inout Effects<TrackerEffect>
    ) {
        let rank = peers[waiter.peer].rank
        catalog[found].enter(rank, isSeed: false, asks: true)
        let members = neighbours(of: rank, in: catalog[found])
        let manifest = catalog[found].manifest
        let answer = effects.tail { bytes in
            members.write(to: &bytes)
            if waiter.needsManifest { bytes.append(contentsOf: manifest.bytes) }
        }
        let message = DownloadMessage.swarm(
            catalog[found].content, want: waiter.want, seeds: UInt32(members.seeds.count),
            peers: UInt32(members.peers.count))
        effects.append(.send(.download(message), answer, to: rank))
        sendSeal(of: found, to: rank, &effects)
    }

    /// All members, or the peer's neighbours in the graph of a large swarm. A stalled peer gets the
    /// same number of random members in addition, others each time, because none of its neighbours
    /// may have what it lacks.
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

    /// A peer is a member from its list on, so that the swarm's graph is complete when peers begin.
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

    mutating func completed(
        _ index: Int, _ content: ContentID, now: Tick, _ effects: inout Effects<TrackerEffect>
    ) {
        guard let found = catalog.index(of: content) else {
            return claim(.seed, content, index, now: now, &effects)
        }
        catalog[found].enter(peers[index].rank, isSeed: true)
        hasChanged = true
    }

    mutating func stalled(
        _ index: Int, _ content: ContentID, _ message: TrackerMessage, now: Tick,
        _ effects: inout Effects<TrackerEffect>
    ) {
        guard case .stalled(_, let missing, let fingerprint, let isCertain) = message,
            stage == .running
        else { return }
        guard let found = catalog.index(of: content) else {
            violations += 1
            return
        }
        catalog[found].stalled(
            peers[index].rank, missing: missing, fingerprint: fingerprint,
            isCertain: isCertain, now: now)
        if missing == 0 { sendPublisher(of: found, to: peers[index].rank, &effects) }
        // With several trackers the other groups are asked by a query, which takes time.
        guard isCertain, overlay == nil,
            catalog[found].isCertainlyStuck(now: now, lease: rules.lease)
        else { return }
        declareLoss(found, &effects)
    }

    mutating func declareLosses(now: Tick, effects: inout Effects<TrackerEffect>) {
        if overlay != nil { catalog.expireRemote(now: now) }
        // Peers of a lost tracker, which are on their way to others, may have the missing pieces.
        guard groups?.isSettling(now: now) != true else { return }
        for found in catalog.swarms.indices {
            findWitness(found, now: now, &effects)
            let row = catalog[found]
            guard
                row.isLost(
                    now: now, lease: rules.lease, patientLeases: rules.patientLeases)
            else {
                // A rank that can help is asked before the pieces count as lost.
                if row.needsHelp(now: now, lease: rules.lease) { _ = rescue(found, &effects) }
                continue
            }
            declareLoss(found, &effects)
        }
    }

    /// Ends the transfers of pieces that can no longer be obtained, unless a rank can help.
    private mutating func declareLoss(_ found: Int, _ effects: inout Effects<TrackerEffect>) {
        guard !rescue(found, &effects) else { return }
        let row = catalog[found]
        for member in row.members where !member.isSeed {
            catalog[found].leave(member.rank)
            guard let missing = member.stall?.missing else { continue }
            let message = DownloadMessage.swarmLost(row.content, missing: missing)
            effects.append(.send(.download(message), .none, to: member.rank))
        }
    }

    /// Only standing jobs forget contents: a batch job reports all of them at its end.
    mutating func forgetAbandoned(now: Tick) {
        guard rules.staysOpen else { return }
        let silent = peers.filter { $0.stage == .lost }.map(\.rank)
        catalog.forgetAbandoned(now: now, lease: rules.lease) { silent.contains($0) }
    }
}
