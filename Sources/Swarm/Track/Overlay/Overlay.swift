import Vocabulary
import Wire

/// The part of a super-peer in flooding: the queries that it has seen, and its own queries that are
/// under way. It decides which trackers get a query, and which way answers go; the tracker itself
/// decides about swarms.
///
/// A query that was begun is pending until all trackers that it reaches have answered, or until its
/// deadline. Invariant: no key is pending twice, and every table is within its limit.
struct Overlay: Sendable {
    let rules: OverlayRules
    let own: Rank
    /// Whether each tracker is lost, by rank, as the root reports it.
    private(set) var lost: [Bool]
    /// The number of other trackers that a query of this one reaches.
    private var reach: Int
    private(set) var counts = OverlayCounts()
    /// The way back of each query, including those of this tracker.
    private var seen: RecentTable<QueryID, Way>
    private(set) var pending: [PendingQuery] = []
    private var pendingPlaces: [OverlayKey: UInt32] = [:]
    /// The time at which the last query for each key began.
    private var asked: RecentTable<OverlayKey, Asked>
    /// The number of times that another tracker reported its answers as outdated.
    private var age = 0
    /// Whether each tracker, by rank, has received answers of this one since the last notice of a
    /// change.
    private var hasOurAnswers: [Bool]
    private var nextSequence: UInt32 = 1
    /// Whether any pending query has all of its answers.
    private var isAnyComplete = false
    /// The time until which more queries are likely, and answers to those that were forwarded.
    private var isBusyUntil = Tick.zero

    private struct Asked {
        let begunAt: Tick
        let age: Int
        /// The number of queries in a row that some tracker did not answer.
        var overdue = 0
    }

    private struct Way {
        /// The neighbour that sent the query.
        let upstream: Rank
        /// The number of answers that may still go back that way, or be accepted for a query of
        /// this tracker. Among honest trackers the way back is never a circle, but a tracker that
        /// lies about a query's origin can make it one.
        var hitsLeft: Int
    }

    init(rules: OverlayRules, own: Rank) {
        self.rules = rules
        self.own = own
        lost = [Bool](repeating: false, count: rules.trackerCount)
        hasOurAnswers = lost
        reach = Self.reach(rules, own, [])
        seen = RecentTable(capacity: rules.seenMax)
        asked = RecentTable(capacity: rules.askedMax)
    }

    mutating func setLost(_ tracker: Rank, _ isLost: Bool) {
        guard lost[Int(tracker.raw)] != isLost else { return }
        lost[Int(tracker.raw)] = isLost
        reach = Self.reach(rules, own, lost)
    }

    private static func reach(_ rules: OverlayRules, _ own: Rank, _ lost: [Bool]) -> Int {
        rules.topology.reach(from: own, within: rules.timeToLive, without: lost)
    }

    /// The neighbours that are not lost.
    func neighbours(besides other: Rank? = nil) -> [Rank] {
        rules.topology.neighbours(of: own).filter { $0 != other && !lost[Int($0.raw)] }
    }

    func isNeighbour(_ tracker: Rank) -> Bool {
        rules.topology.neighbours(of: own).contains(tracker)
    }

    /// Whether a query for the key was begun, and none is pending. Without other trackers there is
    /// nothing to ask.
    func isResolved(_ key: OverlayKey) -> Bool {
        rules.isAlone || asked[key] != nil && pendingPlaces[key] == nil
    }

    /// Whether a tracker that did not answer may still do so, or turn out to be lost. After a few
    /// queries it is false.
    func isUnclear(_ key: OverlayKey) -> Bool {
        (1..<rules.overdueMax).contains(asked[key]?.overdue ?? 0)
    }

    func isPending(_ key: OverlayKey) -> Bool { pendingPlaces[key] != nil }

    /// Whether the known answers are too old to answer from.
    func isDue(_ key: OverlayKey, now: Tick) -> Bool {
        guard let asked = asked[key] else { return !rules.isAlone }
        return asked.age != age || now >= asked.begunAt + rules.refreshInterval
    }

    /// Marks all answers of other trackers as too old to answer from.
    mutating func outdate() { age += 1 }

    /// The trackers that have to learn that answers of this one have changed.
    mutating func takeAnsweredTrackers() -> [Rank] {
        defer { for place in hasOurAnswers.indices { hasOurAnswers[place] = false } }
        return hasOurAnswers.indices.filter { hasOurAnswers[$0] && !lost[$0] }
            .map { Rank(Int32($0)) }
    }

    /// The identity of a new query, which the caller sends to every neighbour; nil where too many
    /// are under way, or nobody can be asked.
    mutating func begin(_ key: OverlayKey, now: Tick) -> QueryID? {
        precondition(pendingPlaces[key] == nil, "it is under way already")
        guard !rules.isAlone, pending.count < rules.pendingMax else { return nil }
        let id = QueryID(origin: own, sequence: nextSequence)
        nextSequence &+= 1
        counts.begun += 1
        isBusyUntil = now + rules.afterglow
        seen.set(id, Way(upstream: own, hitsLeft: hitsMax))
        asked.set(key, Asked(begunAt: now, age: age, overdue: asked[key]?.overdue ?? 0))
        pendingPlaces[key] = id.sequence
        isAnyComplete = isAnyComplete || reach == 0
        pending.append(
            PendingQuery(
                key: key, id: id, expected: reach, deadline: now + rules.queryDeadline))
        return id
    }

    /// Whether a message may come at any moment, so that a long wait at each hop would cost time.
    func isExpecting(now: Tick) -> Bool { !pending.isEmpty || now < isBusyUntil }

    mutating func sent(_ count: Int) { counts.queriesSent += count }

    /// Notes a query. Returns false if it was here before: then it is neither answered nor
    /// forwarded.
    mutating func admit(_ id: QueryID, from neighbour: Rank, now: Tick) -> Bool {
        isBusyUntil = now + rules.afterglow
        guard seen[id] == nil, id.origin != own else {
            counts.repeatsDropped += 1
            return false
        }
        seen.set(id, Way(upstream: neighbour, hitsLeft: hitsMax))
        counts.hitsSent += 1
        let origin = Int(id.origin.raw)
        if hasOurAnswers.indices.contains(origin) { hasOurAnswers[origin] = true }
        return true
    }

    private var hitsMax: Int { rules.trackerCount * rules.hitsMax }

    /// Whether a message answers a query of this tracker, and the responder may still answer that
    /// query.
    mutating func accepts(_ id: QueryID, of responder: Rank) -> Bool {
        guard responder != own, lost.indices.contains(Int(responder.raw)), var way = seen[id],
            way.hitsLeft > 0
        else {
            counts.hitsDropped += 1
            return false
        }
        way.hitsLeft -= 1
        seen.set(id, way)
        return true
    }

    /// This process was stopped for `gap`: messages of that time are still in the queue.
    mutating func excuse(_ gap: Duration) {
        for place in pending.indices { pending[place].deadline = pending[place].deadline + gap }
    }

    /// The next tracker on the way back to the query's origin; nil if the way is forgotten.
    mutating func upstream(of id: QueryID) -> Rank? {
        guard var way = seen[id], way.hitsLeft > 0, !lost[Int(way.upstream.raw)] else {
            counts.hitsDropped += 1
            return nil
        }
        way.hitsLeft -= 1
        seen.set(id, way)
        counts.hitsRouted += 1
        counts.hitsSent += 1
        return way.upstream
    }

    func place(of id: QueryID) -> Int? { pending.firstIndex { $0.id == id } }

    func place(of key: OverlayKey) -> Int? {
        guard let sequence = pendingPlaces[key] else { return nil }
        return pending.firstIndex { $0.id.sequence == sequence }
    }

    mutating func wait(
        _ waiter: PendingQuery.Waiter, for key: OverlayKey, isEach: Bool = false
    ) {
        guard let place = place(of: key) else { return }
        pending[place].add(waiter, isEach: isEach, atMost: rules.waitersMax)
    }

    mutating func learned(_ place: Int, hasNews: Bool, rivals: [FoundSwarm.Rival]) {
        pending[place].hasNews = pending[place].hasNews || hasNews
        for rival in rivals { pending[place].note(rival) }
    }

    mutating func noteWanters(_ place: Int, _ members: MemberList, of responder: Rank) {
        guard !pending[place].answered.contains(responder) else { return }
        pending[place].wanters.append(
            PendingQuery.Wanters(tracker: responder, members: members))
    }

    mutating func answered(_ place: Int, by responder: Rank) {
        guard !pending[place].answered.contains(responder) else { return }
        pending[place].answered.append(responder)
        isAnyComplete = isAnyComplete || pending[place].isComplete
    }

    /// Removes the queries that no other tracker will answer, or whose deadline has passed. Queries
    /// end in the order in which they began, so the overdue ones come first.
    mutating func takeEnded(now: Tick) -> [PendingQuery] {
        guard let first = pending.first, isAnyComplete || now >= first.deadline else { return [] }
        var ended: [PendingQuery] = []
        let overdue = pending.prefix { now >= $0.deadline }
        counts.overdue += overdue.count { !$0.isComplete }
        ended += overdue
        pending.removeFirst(overdue.count)
        if isAnyComplete {
            ended += pending.filter(\.isComplete)
            pending.removeAll(where: \.isComplete)
            isAnyComplete = false
        }
        for query in ended {
            pendingPlaces[query.key] = nil
            guard var last = asked[query.key] else { continue }
            last.overdue = query.isComplete ? 0 : last.overdue + 1
            asked.set(query.key, last)
        }
        return ended
    }

    /// The number of rows in all tables, each of which is bounded.
    var rowCount: Int { seen.count + pending.count + asked.count }

    func checkInvariants() {
        seen.checkInvariants()
        asked.checkInvariants()
        precondition(pending.count == pendingPlaces.count, "a key is pending twice")
        precondition(pending.count <= rules.pendingMax, "too many queries are under way")
        precondition(
            pending.allSatisfy { $0.waiters.count <= rules.waitersMax }, "too many wait")
    }
}
