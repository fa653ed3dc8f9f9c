import Vocabulary
import Wire

/// How a tracker finds what its peers ask for: in the swarms of its group, and by queries to the
/// trackers of the other groups, whose answers it remembers.
///
/// A request is answered at once if the answer is certain. Otherwise it waits for the other groups,
/// or for as many of them as answer in time. In a job with a single tracker every answer is
/// certain.
struct Search {
    let rules: TrackerRules
    var swarms: Swarms
    var trackers: Trackers
    var lists: JobLists
    var doubts = DoubtTable()
    var claims = ClaimTable()
    private var waiting = WaitingRequests()
    /// The number of messages that an honest peer would not have sent at that moment.
    var violations = 0

    init(_ rules: TrackerRules, now: Tick) {
        self.rules = rules
        swarms = Swarms(rules)
        lists = JobLists(rules)
        trackers = Trackers(rules, now: now)
    }

    mutating func swarmRequested(
        _ key: OverlayKey, _ want: WantNumber, needsManifest: Bool, by index: Int,
        _ members: Membership, now: Tick, _ effects: inout Effects<TrackerEffect>
    ) {
        let found = swarms.known(key, toBegin: needsManifest)
        // The owners of other groups also decide the meaning of a name, unless all are higher.
        let isCertain: Bool
        switch key {
        case .name where !rules.kind.isStanding:
            // A peer that only asks which ranks have the name waits for all groups. So does a peer
            // whose name is not found, unless all groups were asked just now: the content may still
            // exist.
            let isKnown = trackers.overlay.isResolved(key)
            let lowest = members.lowestElsewhere
            isCertain =
                isKnown && (found != nil || isFresh(key, now: now))
                || needsManifest && swarms.hasOwner(of: found, as: key, below: lowest)
        case .name: isCertain = isFresh(key, now: now)
        // In other jobs each request gets one answer, so a beginner waits for all groups.
        case .content where rules.kind.isStanding && needsManifest:
            isCertain = isFresh(key, now: now)
        case .content: isCertain = rules.isAlone || found != nil
        case .catalog, .roll: isCertain = true
        }
        let waiter = PendingQuery.Waiter(
            peer: index, want: want, needsManifest: needsManifest, isAnswered: isCertain)
        if isCertain {
            if let found {
                answer(waiter, found, members, &effects)
            } else {
                sendUnknown(waiter, key, members, now: now, &effects)
            }
        }
        complete(waiter, key, needsManifest: found == nil, members, now: now, &effects)
    }

    mutating func answer(
        _ waiter: PendingQuery.Waiter, _ found: Int, _ members: Membership,
        _ effects: inout Effects<TrackerEffect>
    ) {
        swarms.answer(
            members[waiter.peer].rank, waiter.want, needsManifest: waiter.needsManifest, found,
            &effects)
    }

    /// Answers the requests for names that peers have described, or will not describe after all.
    mutating func answerWaiting(
        _ entries: [FileListEntry], _ members: Membership,
        _ effects: inout Effects<TrackerEffect>
    ) {
        for (waiter, found) in waiting.take(entries, &swarms, members) {
            if let found {
                answer(waiter, found, members, &effects)
            } else {
                effects.sendUnknown(waiter.want, to: members[waiter.peer].rank)
            }
        }
    }

    /// In a batch job a peer gives up a name that is unknown. It therefore gets no answer, and asks
    /// again, while a tracker has not answered, while peers of a lost tracker may still turn up, or
    /// while a peer is still reading a file of that name, which is answered as soon as that peer
    /// describes it.
    mutating func sendUnknown(
        _ waiter: PendingQuery.Waiter, _ key: OverlayKey, _ members: Membership, now: Tick,
        _ effects: inout Effects<TrackerEffect>
    ) {
        if !rules.kind.isStanding {
            guard !trackers.overlay.isUnclear(key), !trackers.groups.isSettling(now: now) else {
                return
            }
            if case .name(let name) = key {
                if members.isBeingRead(name) { return waiting.note(waiter, for: name) }
                waiting.forget(waiter.peer, name)
            }
        }
        effects.sendUnknown(waiter.want, to: members[waiter.peer].rank)
    }

    /// Asks the other groups, unless they were asked a moment ago.
    private mutating func complete(
        _ waiter: PendingQuery.Waiter, _ key: OverlayKey, needsManifest: Bool,
        _ members: Membership, now: Tick, _ effects: inout Effects<TrackerEffect>
    ) {
        let isPending = trackers.overlay.isPending(key)
        if !isPending, trackers.overlay.isDue(key, now: now) {
            beginQuery(key, needsManifest: needsManifest, now: now, &effects)
        } else if !waiter.isAnswered, !isPending {
            // The groups were asked a moment ago, and none has it.
            return sendUnknown(waiter, key, members, now: now, &effects)
        }
        // In other jobs each request gets one answer, which it has received.
        if !rules.kind.isStanding || !waiter.isAnswered {
            trackers.overlay.wait(waiter, for: key, isEach: rules.kind.isStanding)
        }
        endQueries(members, now: now, &effects)
    }

    /// Whether the answer is known without asking other groups.
    private func isFresh(_ key: OverlayKey, now: Tick) -> Bool {
        trackers.overlay.isResolved(key) && !trackers.overlay.isDue(key, now: now)
    }

    /// Makes a peer wait for the other groups. Returns false if the answer is known, or if too many
    /// queries are under way.
    private mutating func wait(
        _ waiter: PendingQuery.Waiter, for key: OverlayKey, _ members: Membership, now: Tick,
        _ effects: inout Effects<TrackerEffect>
    ) -> Bool {
        guard !isFresh(key, now: now),
            beginQuery(key, needsManifest: true, now: now, &effects)
        else { return false }
        trackers.overlay.wait(waiter, for: key, isEach: rules.kind.isStanding)
        endQueries(members, now: now, &effects)
        return true
    }

    /// Sends the catalog, at once or when the other groups have answered.
    mutating func catalogRequested(
        from: UInt32, by index: Int, _ members: Membership, now: Tick,
        _ effects: inout Effects<TrackerEffect>
    ) {
        let waiter = PendingQuery.Waiter(forListBy: index)
        // Later pages belong to the same catalog as the first.
        if from == 0, wait(waiter, for: .catalog, members, now: now, &effects) { return }
        sendCatalog(from: from, to: index, members, &effects)
    }

    mutating func sendCatalog(
        from: UInt32, to index: Int, _ members: Membership,
        _ effects: inout Effects<TrackerEffect>
    ) {
        let known = lists.catalog(from: from, for: index) ?? lists.contents(ownCatalog(members))
        lists.send(known, from: from, to: index, members[index].rank, &effects)
    }

    /// The contents of this group, and its files that are still being digested.
    func ownCatalog(_ members: Membership) -> [CatalogEntry] {
        swarms.catalog.entries + members.filesBeingRead
    }

    /// Sends all peers, or the seeds of `content`, at once or when the other groups have answered.
    mutating func rollRequested(
        of content: ContentID, from: UInt32, by index: Int, _ members: Membership, now: Tick,
        _ effects: inout Effects<TrackerEffect>
    ) {
        let key: OverlayKey = content == .none ? .roll : .content(content)
        let waiter = PendingQuery.Waiter(forListBy: index, isForRoll: true)
        // Later pages belong to the same list as the first.
        if from == 0, wait(waiter, for: key, members, now: now, &effects) { return }
        sendRoll(of: content, from: from, to: index, members, &effects)
    }

    func sendRoll(
        of content: ContentID, from: UInt32, to index: Int, _ members: Membership,
        _ effects: inout Effects<TrackerEffect>
    ) {
        let all = content == .none ? lists.ranks(members.roll) : swarms.seeds(of: content)
        let (tail, entries, isLast) = all.page(from: Int(from), &effects)
        let message = DownloadMessage.roll(from: from, entries: entries, isLast: isLast)
        effects.append(.send(.download(message), tail, to: members[index].rank))
    }

    func checkInvariants() {
        swarms.catalog.checkInvariants()
        trackers.overlay.checkInvariants()
        claims.checkInvariants()
    }
}
