import Vocabulary
import Wire

/// Queries to the other trackers, and their answers.
extension Search {
    /// Floods a query unless one is under way. Returns false if too many are under way, or there is
    /// no other tracker.
    @discardableResult
    mutating func beginQuery(
        _ key: OverlayKey, needsManifest: Bool = false, now: Tick,
        _ effects: inout Effects<TrackerEffect>
    ) -> Bool {
        guard !trackers.overlay.isPending(key) else { return true }
        guard
            let id = trackers.overlay.flood(key, needsManifest: needsManifest, now: now, &effects)
        else { return false }
        lists.begin(key)
        if case .name(let name) = key, let place = trackers.overlay.place(of: id) {
            trackers.overlay.learned(
                place, hasNews: false, rivals: swarms.catalog.rivals(of: name))
        }
        return true
    }

    /// Accepts or forwards an answer. The tracker that forwards a malformed one has not read it,
    /// and is not at fault.
    mutating func answered(
        _ message: OverlayMessage, _ tail: RawSpan, from rank: Rank, _ members: Membership,
        now: Tick, _ effects: inout Effects<TrackerEffect>
    ) throws(WireError) {
        guard let (id, responder) = message.answer else { return }
        guard id.origin == rules.rank else {
            trackers.overlay.route(message, id, tail, &effects)
            return
        }
        guard trackers.overlay.accepts(id, of: responder) else { return }
        do throws(WireError) {
            try learned(message, tail, members, now: now, &effects)
        } catch  where responder != rank {}
        endQueries(members, now: now, &effects)
    }

    private mutating func learned(
        _ message: OverlayMessage, _ tail: RawSpan, _ members: Membership, now: Tick,
        _ effects: inout Effects<TrackerEffect>
    ) throws(WireError) {
        switch message {
        case .queryHit(let content, let id, let responder, let seeds, let peers):
            let place = trackers.overlay.place(of: id)
            defer { if let place { trackers.overlay.answered(place, by: responder) } }
            let key = place.flatMap { trackers.overlay.pending[$0].key }
            guard content != .none else {
                return try learnedNothing(
                    key, place, responder, seeds: UInt32(seeds), peers: UInt32(peers), tail)
            }
            let found = try FoundSwarm(reading: tail, seeds: UInt32(seeds), peers: UInt32(peers))
            learned(found, content, key, place, responder, members, now: now, &effects)
        case .catalogHit(let id, let responder, let count, let isLast):
            let entries = try CatalogEntry.reading(tail, count: count)
            guard let place = trackers.overlay.place(of: id) else { return }
            lists.learned(entries)
            if isLast { trackers.overlay.answered(place, by: responder) }
        case .rollHit(let id, let responder, let count, let isLast):
            let entries = try RollEntry.reading(tail, count: count)
            guard let place = trackers.overlay.place(of: id) else { return }
            lists.learned(entries)
            if isLast { trackers.overlay.answered(place, by: responder) }
        case .query, .sealed, .withdrawn, .changed, .readRest, .group: break
        }
    }

    /// Notes that a group does not have the requested content; peers of that group may want it.
    private mutating func learnedNothing(
        _ key: OverlayKey?, _ place: Int?, _ responder: Rank, seeds: UInt32, peers: UInt32,
        _ tail: RawSpan
    ) throws(WireError) {
        switch key {
        case .name(let name):
            if rules.kind.isStanding { swarms.forget(responder, of: name, but: []) }
            // Peers that want the name will also want the content.
            guard let place, seeds + peers > 0 else { return }
            var cursor = 0
            let members = try MemberList(reading: tail, seeds: seeds, peers: peers, at: &cursor)
            trackers.overlay.noteWanters(place, members, of: responder)
        case .content(let asked):
            if rules.kind.isStanding { swarms.change(asked) { $0.remote.forget(responder) } }
        case .catalog, .roll, nil: break
        }
    }

    /// Notes an answer to a query of this tracker, perhaps long after the wait for it ended.
    private mutating func learned(
        _ answer: FoundSwarm, _ content: ContentID, _ key: OverlayKey?, _ place: Int?,
        _ responder: Rank, _ members: Membership, now: Tick,
        _ effects: inout Effects<TrackerEffect>
    ) {
        var found = answer
        found.members.seeds.removeAll { !rules.contains($0) || members.dead.contains($0) }
        found.members.peers.removeAll { !rules.contains($0) || members.dead.contains($0) }
        if let publisher = found.publisher, members.dead.contains(publisher) {
            found.publisher = nil
        }
        var asked: RelativePath?
        if case .name(let name) = key {
            asked = name
            let named = [content] + found.rivals.map(\.content)
            if rules.kind.isStanding { swarms.forget(responder, of: name, but: named) }
        }
        guard let index = swarms.learn(found, content, askedFor: asked) else { return }
        let group = RemoteMembers.Group(
            tracker: responder, members: found.members, isAlive: found.isAlive,
            isActive: found.isActive, isStalled: found.isStalled, fingerprint: found.fingerprint,
            publisher: found.publisher, hasReader: found.hasReader,
            leaseEnd: now + rules.lease * 2)
        let hasNews = swarms[index].learned(
            group, atMost: rules.overlay.remoteMembersMax)
        if !found.seal.isEmpty { swarms.seal(index, found.seal, &effects) }
        applyClaims(content, members, now: now, &effects)
        if let place {
            let rival = FoundSwarm.Rival(content: content, owner: found.lowestOwner)
            trackers.overlay.learned(place, hasNews: hasNews, rivals: [rival] + found.rivals)
        }
    }

    /// Answers the peers that waited for queries which have ended.
    mutating func endQueries(
        _ members: Membership, now: Tick, _ effects: inout Effects<TrackerEffect>
    ) {
        for query in trackers.overlay.takeEnded(now: now) {
            var hasNews = query.hasNews
            switch query.key {
            case .name(let name):
                let areWantersNew = settle(
                    query, name, swarms.known(query.key, toBegin: false), members, now: now,
                    &effects)
                hasNews = hasNews || areWantersNew
            case .content(let content):
                reviewWithdrawal(of: content, now: now, &effects)
                let isSettling =
                    !query.isComplete || trackers.groups.isSettling(now: now)
                swarms.helpStuck(
                    content, hasDead: !members.dead.isEmpty, isSettling: isSettling, now: now,
                    &effects)
            case .catalog, .roll: lists.end(query.key)
            }
            for waiter in query.waiters where !members[waiter.peer].isGone {
                answer(waiter, of: query.key, hasNews: hasNews, members, now: now, &effects)
            }
        }
    }

    private mutating func answer(
        _ waiter: PendingQuery.Waiter, of key: OverlayKey, hasNews: Bool, _ members: Membership,
        now: Tick, _ effects: inout Effects<TrackerEffect>
    ) {
        switch key {
        case .catalog: sendCatalog(from: 0, to: waiter.peer, members, &effects)
        case .roll: sendRoll(of: .none, from: 0, to: waiter.peer, members, &effects)
        case .content(let content) where waiter.isForRoll:
            sendRoll(of: content, from: 0, to: waiter.peer, members, &effects)
        case .name, .content:
            if let found = swarms.known(key, toBegin: waiter.needsManifest) {
                // A peer that has received an answer and given up since gets no other answer.
                let hasSettled = swarms[found].isSettled(members[waiter.peer].rank)
                guard !waiter.isAnswered || hasNews && !hasSettled else { return }
                answer(waiter, found, members, &effects)
            } else if !waiter.isAnswered {
                sendUnknown(waiter, key, members, now: now, &effects)
            }
        }
    }

    /// Enters peers that want a name into the swarm of the content that it stands for now. Returns
    /// true if some are new.
    private mutating func settle(
        _ query: PendingQuery, _ name: RelativePath, _ found: Int?, _ members: Membership,
        now: Tick, _ effects: inout Effects<TrackerEffect>
    ) -> Bool {
        // In a standing job a name stands for what its owner has at the moment.
        guard !rules.kind.isStanding else { return false }
        if query.rivals.count > 1 {
            trackers.groups.dispute(name, query.rivals.map(\.owner).sorted(), &effects)
        }
        guard let found else { return false }
        let areNew = swarms[found].learned(
            query.wanters, leaseEnd: now + rules.lease,
            atMost: rules.overlay.remoteMembersMax)
        for rank in members.wanters(of: name) where members.stage == .running {
            swarms[found].enter(rank, isSeed: false)
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
        case .query, .sealed, .withdrawn, .changed, .readRest, .group: nil
        }
    }
}
