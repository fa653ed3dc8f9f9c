package import Vocabulary
package import Wire

/// Asking the other trackers, and answering them.
extension Tracker {
    /// What a tracker reads from other trackers.
    package mutating func received(
        _ message: OverlayMessage, tail: RawSpan, from rank: Rank, now: Tick,
        effects: inout Effects<TrackerEffect>
    ) throws(WireError) {
        guard let groups, groups.isTracker(rank), rank != rules.rank else { throw .malformed }
        switch message {
        case .query(let content, let id, let timeToLive, let selector):
            try queried(
                content, id, timeToLive, selector, tail, from: rank, effects: &effects)
        case .queryHit(let content, let id, let responder, let seeds, let peers):
            guard id.origin == rules.rank else { return route(message, id, tail, &effects) }
            try learned(
                content, id, responder, seeds: UInt32(seeds), peers: UInt32(peers), tail,
                now: now, &effects)
            endQueries(now: now, &effects)
        case .catalogHit(let id, let responder, let entries, let isLast):
            guard id.origin == rules.rank else { return route(message, id, tail, &effects) }
            try catalogLearned(id, responder, entries, isLast: isLast, tail)
            endQueries(now: now, &effects)
        case .sealed(let content):
            guard (1...PieceDigest.byteCountMax).contains(tail.byteCount) else {
                throw .malformed
            }
            let digest = try tail.readBytes(tail.byteCount)
            if let found = catalog.index(of: content) { seal(found, digest, &effects) }
        case .group(let message):
            try heard(message, tail, from: rank, now: now, effects: &effects)
        }
    }

    private mutating func route(
        _ message: OverlayMessage, _ id: QueryID, _ tail: RawSpan,
        _ effects: inout Effects<TrackerEffect>
    ) {
        guard let upstream = overlay?.upstream(of: id) else { return }
        send(message, copying: tail, to: [upstream], &effects)
    }

    private func send(
        _ message: OverlayMessage, copying tail: RawSpan, to trackers: [Rank],
        _ effects: inout Effects<TrackerEffect>
    ) {
        guard !trackers.isEmpty else { return }
        do throws(WireError) {
            let bytes = try tail.readBytes(tail.byteCount)
            let copy = effects.tail { $0 += bytes }
            for tracker in trackers {
                effects.append(.send(.overlay(message), copy, to: tracker))
            }
        } catch { preconditionFailure("the whole of a tail can be read") }
    }

    // MARK: asking

    /// Floods a question, unless it is on its way already or was asked a moment ago. False when
    /// there is no room for it.
    @discardableResult
    mutating func beginQuery(
        _ key: OverlayKey, needsManifest: Bool = false, now: Tick,
        _ effects: inout Effects<TrackerEffect>
    ) -> Bool {
        guard let overlay, !overlay.isPending(key) else { return true }
        guard let id = self.overlay?.begin(key, now: now) else { return false }
        let timeToLive = UInt32(overlay.rules.timeToLive)
        let message: OverlayMessage
        let tail: Tail
        switch key {
        case .name(let name):
            message = .query(.none, id, timeToLive: timeToLive, by: .name)
            tail = effects.tail { $0 += name.utf8 }
            for rival in catalog.rivals(of: name) { noteRival(rival, of: key) }
        case .content(let content):
            message = .query(content, id, timeToLive: timeToLive, by: .content)
            tail = needsManifest ? effects.tail { $0.append(1) } : .none
        case .catalog:
            message = .query(.none, id, timeToLive: timeToLive, by: .catalog)
            tail = .none
        }
        let neighbours = overlay.neighbours()
        for neighbour in neighbours {
            effects.append(.send(.overlay(message), tail, to: neighbour))
        }
        self.overlay?.sent(neighbours.count)
        effects.append(.wake(at: now + overlay.rules.queryDeadline))
        return true
    }

    private mutating func noteRival(_ rival: FoundSwarm.Rival, of key: OverlayKey) {
        guard let place = overlay?.place(of: key) else { return }
        overlay?.learned(place, hasNews: false, rivals: [rival])
    }

    /// An answer to a question of ours, maybe long after we have stopped to wait for it.
    private mutating func learned(
        _ content: ContentID, _ id: QueryID, _ responder: Rank, seeds: UInt32, peers: UInt32,
        _ tail: RawSpan, now: Tick, _ effects: inout Effects<TrackerEffect>
    ) throws(WireError) {
        let place = overlay?.place(of: id)
        defer { if let place { overlay?.answered(place, by: responder) } }
        let key = place.flatMap { overlay?.pending[$0].key }
        guard content != .none else {
            // Those who want the name will want the content.
            guard let place, case .name = key, seeds + peers > 0 else { return }
            var cursor = 0
            let members = try MemberList(reading: tail, seeds: seeds, peers: peers, at: &cursor)
            overlay?.noteWanters(place, members, of: responder)
            return
        }
        var found = try FoundSwarm(reading: tail, seeds: seeds, peers: peers)
        found.members.seeds.removeAll { !rules.contains($0) }
        found.members.peers.removeAll { !rules.contains($0) }
        var asked: RelativePath?
        if case .name(let name) = key { asked = name }
        guard let index = catalog.learn(found, content, askedFor: asked) else { return }
        let hasNews = remember(found, of: index, from: responder, now: now)
        if !found.seal.isEmpty { seal(index, found.seal, &effects) }
        applyClaims(content, now: now, &effects)
        if let place {
            let rival = FoundSwarm.Rival(content: content, owner: found.lowestOwner)
            overlay?.learned(place, hasNews: hasNews, rivals: [rival] + found.rivals)
        }
    }

    private mutating func remember(
        _ found: FoundSwarm, of index: Int, from responder: Rank, now: Tick
    ) -> Bool {
        let hadSeeds = catalog[index].remote.seedCount
        let isNew = catalog[index].remote.learned(
            RemoteMembers.Group(
                tracker: responder, members: found.members, isAlive: found.isAlive,
                isActive: found.isActive, isStalled: found.isStalled,
                fingerprint: found.fingerprint, publisher: found.publisher,
                hasReader: found.hasReader, leaseEnd: now + rules.lease * 2),
            atMost: overlay?.rules.remoteMembersMax ?? 0)
        // Whoever had given up may find what it lacks at the new seed.
        if catalog[index].remote.seedCount > hadSeeds { catalog[index].forgetStalls() }
        return isNew
    }

    /// Tells those who waited what came of it.
    mutating func endQueries(now: Tick, _ effects: inout Effects<TrackerEffect>) {
        guard let ended = overlay?.takeEnded(now: now), !ended.isEmpty else { return }
        for query in ended {
            var found: Int?
            switch query.key {
            case .name(let name):
                found = catalog.index(named: name)
                settle(query, name, found, now: now, &effects)
            case .content(let content): found = catalog.index(of: content)
            case .catalog: foreignCatalog.end()
            }
            for waiter in query.waiters where !peers[waiter.peer].isGone {
                if case .catalog = query.key {
                    sendCatalog(from: waiter.want.raw, to: waiter.peer, &effects)
                } else if let found {
                    guard !waiter.isAnswered || query.hasNews else { continue }
                    answer(waiter, found, &effects)
                } else if !waiter.isAnswered {
                    send(.swarmUnknown(want: waiter.want), to: waiter.peer, &effects)
                }
            }
        }
    }

    /// A name stands for a content from now on: who wants it is a member of its swarm.
    private mutating func settle(
        _ query: PendingQuery, _ name: RelativePath, _ found: Int?, now: Tick,
        _ effects: inout Effects<TrackerEffect>
    ) {
        if query.rivals.count > 1 {
            dispute(name, query.rivals.map(\.owner).sorted(), &effects)
        }
        guard let found else { return }
        for group in query.wanters where !catalog[found].remote.knows(group.tracker) {
            _ = catalog[found].remote.learned(
                RemoteMembers.Group(
                    tracker: group.tracker, members: group.members, isAlive: false,
                    isActive: false, isStalled: false, leaseEnd: now + rules.lease),
                atMost: overlay?.rules.remoteMembersMax ?? 0)
        }
        for index in wanters[name] ?? [] where !peers[index].isGone && stage == .running {
            catalog[found].enter(peers[index].rank, isSeed: false)
        }
    }

    // MARK: answering

    private mutating func queried(
        _ content: ContentID, _ id: QueryID, _ timeToLive: UInt32, _ selector: Selector,
        _ tail: RawSpan, from rank: Rank, effects: inout Effects<TrackerEffect>
    ) throws(WireError) {
        guard let overlay, overlay.isNeighbour(rank) else { throw .malformed }
        guard self.overlay?.admit(id, from: rank) == true else { return }
        switch selector {
        case .name:
            answerQuery(named: try RelativePath(reading: tail), id, to: rank, &effects)
        case .content:
            guard tail.byteCount <= 1 else { throw .malformed }
            let found = catalog.index(of: content)
            sendHit(
                found.flatMap { catalog[$0].members.isEmpty ? nil : $0 }, id,
                withManifest: tail.byteCount == 1, to: rank, &effects)
        case .catalog:
            guard tail.byteCount == 0 else { throw .malformed }
            sendCatalogHits(id, to: rank, &effects)
        }
        guard timeToLive > 1 else { return }
        let others = overlay.neighbours(besides: rank)
        self.overlay?.sent(others.count)
        send(
            .query(content, id, timeToLive: timeToLive - 1, by: selector), copying: tail,
            to: others, &effects)
    }

    /// What has the name in this group, or else who wants it.
    private mutating func answerQuery(
        named name: RelativePath, _ id: QueryID, to rank: Rank,
        _ effects: inout Effects<TrackerEffect>
    ) {
        guard let found = catalog.index(here: name) else {
            let ranks = (wanters[name] ?? []).filter { !peers[$0].isGone }
                .map { peers[$0].rank }
            let members = MemberList(
                seeds: [], peers: Array(ranks.prefix(MemberList.countMax)))
            let tail = effects.tail { members.write(to: &$0) }
            let hit = OverlayMessage.queryHit(
                .none, id, responder: rules.rank, seeds: 0, peers: UInt16(members.peers.count))
            return effects.append(.send(.overlay(hit), tail, to: rank))
        }
        sendHit(found, id, withManifest: true, to: rank, &effects)
    }

    private func sendHit(
        _ found: Int?, _ id: QueryID, withManifest: Bool, to rank: Rank,
        _ effects: inout Effects<TrackerEffect>
    ) {
        guard let found else {
            let hit = OverlayMessage.queryHit(
                .none, id, responder: rules.rank, seeds: 0, peers: 0)
            return effects.append(.send(.overlay(hit), .none, to: rank))
        }
        var answer = catalog[found].found
        answer.rivals = catalog.rivals(of: answer.name).filter {
            $0.content != catalog[found].content
        }
        if withManifest { answer.manifest = catalog[found].manifest }
        let tail = effects.tail { answer.write(to: &$0) }
        let hit = OverlayMessage.queryHit(
            catalog[found].content, id, responder: rules.rank,
            seeds: UInt16(answer.members.seeds.count), peers: UInt16(answer.members.peers.count))
        effects.append(.send(.overlay(hit), tail, to: rank))
    }
}
