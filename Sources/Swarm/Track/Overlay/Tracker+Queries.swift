package import Vocabulary
package import Wire

/// Queries to the other trackers.
extension Tracker {
    /// Handles a message of another tracker.
    package mutating func received(
        _ message: OverlayMessage, tail: RawSpan, from rank: Rank, now: Tick,
        effects: inout Effects<TrackerEffect>
    ) throws(WireError) {
        guard let groups, groups.isTracker(rank), rank != rules.rank else { throw .malformed }
        switch message {
        case .query(let content, let id, let timeToLive, let selector):
            try queried(
                content, id, timeToLive, selector, tail, from: rank, now: now, effects: &effects)
        case .queryHit, .catalogHit, .rollHit:
            try answered(message, tail, from: rank, now: now, &effects)
        case .withdrawn(let count):
            try withdrawn(tail, count, by: rank, now: now, &effects)
        case .changed: overlay?.outdate()
        case .sealed(let content):
            guard (1...PieceDigest.byteCountMax).contains(tail.byteCount) else {
                throw .malformed
            }
            let digest = try tail.readBytes(tail.byteCount)
            if let found = catalog.index(of: content) { seal(found, digest, &effects) }
        case .group(let message):
            try heard(message, tail, from: rank, now: now, effects: &effects)
        }
        broadcastChange(&effects)
    }

    /// Accepts or forwards an answer. The tracker that forwards a malformed one has not read it,
    /// and is not at fault.
    private mutating func answered(
        _ message: OverlayMessage, _ tail: RawSpan, from rank: Rank, now: Tick,
        _ effects: inout Effects<TrackerEffect>
    ) throws(WireError) {
        guard let (id, responder) = message.answer else { return }
        guard id.origin == rules.rank else { return route(message, id, tail, &effects) }
        guard overlay?.accepts(id, of: responder) == true else { return }
        do throws(WireError) {
            try learned(message, tail, now: now, &effects)
        } catch  where responder != rank {}
        endQueries(now: now, &effects)
    }

    private mutating func learned(
        _ message: OverlayMessage, _ tail: RawSpan, now: Tick,
        _ effects: inout Effects<TrackerEffect>
    ) throws(WireError) {
        switch message {
        case .queryHit(let content, let id, let responder, let seeds, let peers):
            try learned(
                content, id, responder, seeds: UInt32(seeds), peers: UInt32(peers), tail,
                now: now, &effects)
        case .catalogHit(let id, let responder, let entries, let isLast):
            try catalogLearned(id, responder, entries, isLast: isLast, tail)
        case .rollHit(let id, let responder, let entries, let isLast):
            try rollLearned(id, responder, entries, isLast: isLast, tail)
        default: break
        }
    }

    private mutating func route(
        _ message: OverlayMessage, _ id: QueryID, _ tail: RawSpan,
        _ effects: inout Effects<TrackerEffect>
    ) {
        guard let upstream = overlay?.upstream(of: id) else { return }
        send(message, copying: tail, to: [upstream], &effects)
    }

    func send(
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

    /// Floods a query, unless one is under way. Returns false if too many are.
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
            remoteCatalog.begin()
            message = .query(.none, id, timeToLive: timeToLive, by: .catalog)
            tail = .none
        case .roll:
            remotePeers.begin()
            message = .query(.none, id, timeToLive: timeToLive, by: .roll)
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

    /// Notes an answer to a query of this tracker, perhaps long after the wait for it ended.
    private mutating func learned(
        _ content: ContentID, _ id: QueryID, _ responder: Rank, seeds: UInt32, peers: UInt32,
        _ tail: RawSpan, now: Tick, _ effects: inout Effects<TrackerEffect>
    ) throws(WireError) {
        let place = overlay?.place(of: id)
        defer { if let place { overlay?.answered(place, by: responder) } }
        let key = place.flatMap { overlay?.pending[$0].key }
        if case .name(let name) = key, !rules.isBatch, content == .none {
            catalog.forget(responder, of: name, but: [])
        }
        guard content != .none else {
            if case .content(let asked) = key, !rules.isBatch {
                catalog.change(asked) { $0.remote.forget(responder) }
            }
            // Peers that want the name will want the content.
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
        if case .name(let name) = key {
            asked = name
            let named = [content] + found.rivals.map(\.content)
            if !rules.isBatch { catalog.forget(responder, of: name, but: named) }
        }
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
        // Members that had stalled may find their missing pieces at the new seed.
        if catalog[index].remote.seedCount > hadSeeds { catalog[index].forgetStalls() }
        return isNew
    }

    /// Answers the peers that waited for queries which have ended.
    mutating func endQueries(now: Tick, _ effects: inout Effects<TrackerEffect>) {
        guard let ended = overlay?.takeEnded(now: now), !ended.isEmpty else { return }
        for query in ended {
            var hasNews = query.hasNews
            switch query.key {
            case .name(let name):
                let areWantersNew = settle(
                    query, name, known(query.key, toBegin: false), now: now, &effects)
                hasNews = hasNews || areWantersNew
            case .content(let content): reviewWithdrawal(of: content, now: now, &effects)
            case .catalog: remoteCatalog.end()
            case .roll: remotePeers.end()
            }
            for waiter in query.waiters where !peers[waiter.peer].isGone {
                answer(waiter, of: query.key, hasNews: hasNews, now: now, &effects)
            }
        }
    }

    private mutating func answer(
        _ waiter: PendingQuery.Waiter, of key: OverlayKey, hasNews: Bool, now: Tick,
        _ effects: inout Effects<TrackerEffect>
    ) {
        switch key {
        case .catalog: sendCatalog(from: 0, to: waiter.peer, &effects)
        case .roll: sendRoll(of: .none, from: 0, to: waiter.peer, &effects)
        case .content(let content) where waiter.isForRoll:
            sendRoll(of: content, from: 0, to: waiter.peer, &effects)
        case .name, .content:
            if let found = known(key, toBegin: waiter.needsManifest) {
                // A peer that had an answer, and gave up since, gets no other.
                let hasSettled = catalog[found].isSettled(peers[waiter.peer].rank)
                guard !waiter.isAnswered || hasNews && !hasSettled else { return }
                answer(waiter, found, &effects)
            } else if !waiter.isAnswered {
                sendUnknown(waiter, key, now: now, &effects)
            }
        }
    }

    /// The name stands for a content now: enters peers that want it. Returns true if some are new.
    private mutating func settle(
        _ query: PendingQuery, _ name: RelativePath, _ found: Int?, now: Tick,
        _ effects: inout Effects<TrackerEffect>
    ) -> Bool {
        // In a standing job a name stands for what its owner has at the moment.
        guard rules.isBatch else { return false }
        if query.rivals.count > 1 {
            dispute(name, query.rivals.map(\.owner).sorted(), &effects)
        }
        guard let found else { return false }
        var areNew = false
        for group in query.wanters where !catalog[found].remote.knows(group.tracker) {
            let isNew = catalog[found].remote.learned(
                RemoteMembers.Group(
                    tracker: group.tracker, members: group.members, isAlive: false,
                    isActive: false, isStalled: false, leaseEnd: now + rules.lease),
                atMost: overlay?.rules.remoteMembersMax ?? 0)
            areNew = areNew || isNew
        }
        for index in wanters[name] ?? [] where !peers[index].isGone && stage == .running {
            catalog[found].enter(peers[index].rank, isSeed: false)
        }
        return areNew
    }
}

extension OverlayMessage {
    /// The query that the message answers, and the tracker that wrote it.
    fileprivate var answer: (id: QueryID, responder: Rank)? {
        switch self {
        case .queryHit(_, let id, let responder, _, _), .catalogHit(let id, let responder, _, _),
            .rollHit(let id, let responder, _, _):
            (id, responder)
        case .query, .sealed, .withdrawn, .changed, .group: nil
        }
    }
}
