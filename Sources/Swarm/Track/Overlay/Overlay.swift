import Vocabulary
import Wire

/// A super-peer's part in flooding: which queries it has seen, and its own that are under way.
/// It decides who is asked and which way answers go; what is known of swarms is the tracker's.
///
/// A query that was begun is pending until all trackers that hear it have answered, or until its
/// deadline. Invariant: no key is pending twice, and every table is within its limit.
struct Overlay: Sendable {
    let rules: OverlayRules
    let own: Rank
    /// By rank, as the tracker that counts says.
    private(set) var lost: [Bool]
    /// How many of the others hear a query of ours.
    private var reach: Int
    private(set) var counts = OverlayCounts()
    /// The way back of each query. One's own are in here too.
    private var seen: RecentTable<QueryID, Way>
    private(set) var pending: [PendingQuery] = []
    private var pendingPlaces: [OverlayKey: UInt32] = [:]
    /// When each key's last query was begun.
    private var asked: RecentTable<OverlayKey, Asked>
    /// How often another tracker said that its answers have changed.
    private var age = 0
    /// Whom we have answered since we last said so to them, by rank.
    private var isDebtor: [Bool]
    private var nextSequence: UInt32 = 1
    /// Some pending query has all its answers.
    private var isAnyComplete = false
    /// Until when more questions are likely, and answers to those that were passed on.
    private var isBusyUntil = Tick.zero

    private struct Asked {
        let begunAt: Tick
        let age: Int
        /// How often in a row not all have answered.
        var overdue = 0
    }

    private struct Way {
        /// Whom it came from.
        let upstream: Rank
        /// How many answers may still go there, or are heard of one's own. Honest ways are no
        /// circles, but whoever lies about where a query came from can make one.
        var hitsLeft: Int
    }

    init(rules: OverlayRules, own: Rank) {
        self.rules = rules
        self.own = own
        lost = [Bool](repeating: false, count: rules.trackerCount)
        isDebtor = lost
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

    /// Those that live.
    func neighbours(besides other: Rank? = nil) -> [Rank] {
        rules.topology.neighbours(of: own).filter { $0 != other && !lost[Int($0.raw)] }
    }

    func isNeighbour(_ tracker: Rank) -> Bool {
        rules.topology.neighbours(of: own).contains(tracker)
    }

    /// Whether all that can be known of it was asked for once.
    func isResolved(_ key: OverlayKey) -> Bool {
        asked[key] != nil && pendingPlaces[key] == nil
    }

    /// Whether somebody did not answer who may still do so, or be found to be lost. Not for ever.
    func isUnclear(_ key: OverlayKey) -> Bool {
        (1..<rules.overdueMax).contains(asked[key]?.overdue ?? 0)
    }

    func isPending(_ key: OverlayKey) -> Bool { pendingPlaces[key] != nil }

    /// Whether what was learned is too old to answer from.
    func isDue(_ key: OverlayKey, now: Tick) -> Bool {
        guard let asked = asked[key] else { return true }
        return asked.age != age || now >= asked.begunAt + rules.refreshInterval
    }

    /// Nothing that others said is good enough to answer from.
    mutating func outdate() { age += 1 }

    /// Who has to hear that answers of ours have changed.
    mutating func takeDebtors() -> [Rank] {
        defer { for place in isDebtor.indices { isDebtor[place] = false } }
        return isDebtor.indices.filter { isDebtor[$0] && !lost[$0] }.map { Rank(Int32($0)) }
    }

    /// The number of a new query, to be sent to every neighbour. Nil when there are too many.
    mutating func begin(_ key: OverlayKey, now: Tick) -> QueryID? {
        precondition(pendingPlaces[key] == nil, "it is under way already")
        guard pending.count < rules.pendingMax else { return nil }
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

    /// Whether a message may come at any moment, so that each hop that waits long would cost.
    func isExpecting(now: Tick) -> Bool { !pending.isEmpty || now < isBusyUntil }

    mutating func sent(_ count: Int) { counts.queriesSent += count }

    /// False for one that was here before: it is neither answered nor passed on.
    mutating func admit(_ id: QueryID, from neighbour: Rank, now: Tick) -> Bool {
        isBusyUntil = now + rules.afterglow
        guard seen[id] == nil, id.origin != own else {
            counts.repeatsDropped += 1
            return false
        }
        seen.set(id, Way(upstream: neighbour, hitsLeft: hitsMax))
        counts.hitsSent += 1
        if isDebtor.indices.contains(Int(id.origin.raw)) { isDebtor[Int(id.origin.raw)] = true }
        return true
    }

    private var hitsMax: Int { rules.trackerCount * rules.hitsMax }

    /// Whether it answers a question of ours, as another tracker may, and not too often.
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

    /// We stood still for so long: what came meanwhile is not heard yet.
    mutating func excuse(_ gap: Duration) {
        for place in pending.indices { pending[place].deadline = pending[place].deadline + gap }
    }

    /// The way back to who asked; nil when it is forgotten.
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

    /// Takes the queries that nobody else will answer, or that have waited long enough. Those that
    /// were begun first wait no longer than the others.
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

    /// Rows in all tables together, each of which is bounded.
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
