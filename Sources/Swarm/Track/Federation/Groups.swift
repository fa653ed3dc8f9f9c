import Vocabulary

/// The groups of a job as one tracker sees them: which trackers live, and the phase of each group.
/// The root, the lowest living tracker, decides for all; when it falls silent, the next one takes
/// over. Only the root has exact figures, and it reports them to the other trackers.
struct Groups: Sendable {
    /// The phase of a group. The stage of the job decides which phase matters.
    enum Phase: Int, Sendable {
        case working, ready, done, closed
    }

    struct Row: Sendable {
        let tracker: Rank
        var phase = Phase.working
        /// The number of living peers of the group.
        var peers = 0
        /// The number of messages that the group's tracker sent to other trackers; set when the
        /// group is closed.
        var queries = 0
        var hits = 0
        var heardAt: Tick
        var isLost = false
        /// The time at which the tracker was found to be lost.
        var lostAt: Tick?
    }

    let own: Rank
    private(set) var rows: [Row]
    var accounts: AccountTable
    /// Names with several contents, for which a warning was printed.
    private var disputed: [RelativePath] = []
    /// The time at which all trackers report their states again.
    private var nextReportAt = Tick.zero
    private let lease: Duration
    private let adoptionLeases: Int
    private let peerCount: Int

    init(rules: TrackerRules, now: Tick) {
        own = rules.rank
        lease = rules.lease
        adoptionLeases = rules.overlay.adoptionLeases
        peerCount = rules.peerCount
        let trackers =
            rules.isAlone ? [own] : (0..<rules.overlay.trackerCount).map { Rank(Int32($0)) }
        rows = trackers.map { Row(tracker: $0, heardAt: now) }
        accounts = AccountTable(rules)
    }

    /// The tracker that decides for all.
    var root: Rank { rows.first { !$0.isLost }?.tracker ?? own }

    var isRoot: Bool { root == own }

    var others: [Rank] { rows.lazy.map(\.tracker).filter { $0 != own } }

    var living: [Rank] { rows.lazy.filter { !$0.isLost }.map(\.tracker).filter { $0 != own } }

    var lost: [Rank] { rows.lazy.filter(\.isLost).map(\.tracker) }

    var ownPhase: Phase { rows[row(of: own)].phase }

    func isTracker(_ rank: Rank) -> Bool { rows.contains { $0.tracker == rank } }

    /// The only tracker may be an heir, of any rank. Otherwise the trackers are the lowest ranks.
    private func row(of tracker: Rank) -> Int { rows.count == 1 ? 0 : Int(tracker.raw) }

    /// Whether another living tracker has the peer in its group, as far as this one knows.
    func isElsewhere(_ rank: Rank) -> Bool {
        guard let place = accounts.place(of: rank), let reporter = accounts.reporter(of: rank),
            reporter != own, !rows[row(of: reporter)].isLost
        else { return false }
        return accounts.rows[place].stage != .lost
    }

    /// Whether no living tracker has the dead peer among those that live.
    func isMissing(_ rank: Rank) -> Bool {
        guard let place = accounts.place(of: rank) else { return false }
        guard let reporter = accounts.reporter(of: rank) else { return true }
        return accounts.rows[place].stage == .lost || rows[row(of: reporter)].isLost
    }

    /// Returns false for a name for which a warning was printed.
    mutating func admitDispute(_ name: RelativePath) -> Bool {
        guard !disputed.contains(name), disputed.count < Self.disputesMax else { return false }
        disputed.append(name)
        return true
    }

    static var disputesMax: Int { 4096 }

    /// Notes the phase of a group, and the number of its peers unless `peers` is nil.
    mutating func setPhase(of tracker: Rank, _ phase: Phase, peers: Int? = nil) {
        rows[row(of: tracker)].phase = phase
        if let peers { rows[row(of: tracker)].peers = peers }
    }

    mutating func note(queries: Int, hits: Int, of tracker: Rank) {
        rows[row(of: tracker)].queries = queries
        rows[row(of: tracker)].hits = hits
    }

    /// Whether it is time to report the state of this tracker again.
    mutating func isReportDue(now: Tick) -> Bool {
        guard now >= nextReportAt else { return false }
        nextReportAt = now + lease / 4
        return true
    }

    /// Notes a sign of life. Returns true if that tracker was thought to be lost.
    mutating func heard(from tracker: Rank, now: Tick) -> Bool {
        let place = row(of: tracker)
        rows[place].heardAt = now
        defer { rows[place].isLost = false }
        return rows[place].isLost
    }

    /// Finds trackers that were silent for too long, and returns them. The root must hear from
    /// every tracker, and every tracker from the root.
    mutating func expire(now: Tick) -> [Rank] {
        var found: [Rank] = []
        let wasRoot = isRoot
        for place in rows.indices where rows[place].tracker != own && !rows[place].isLost {
            guard wasRoot || rows[place].tracker == root else { continue }
            guard rows[place].heardAt + lease <= now else { continue }
            setLost(rows[place].tracker, now: now)
            found.append(rows[place].tracker)
            // So far the next root had no reason to report to this tracker, nor the others to that
            // root.
            if !wasRoot {
                restartLeases(now: now)
                break
            }
        }
        return found
    }

    /// This process was stopped for `gap`: messages of that time are still in the queue.
    mutating func excuse(_ gap: Duration) {
        for place in rows.indices {
            rows[place].heardAt = rows[place].heardAt + gap
            rows[place].lostAt = rows[place].lostAt.map { $0 + gap }
        }
    }

    private mutating func restartLeases(now: Tick) {
        for place in rows.indices { rows[place].heardAt = now }
    }

    mutating func setLost(_ tracker: Rank, now: Tick) {
        guard tracker != own, !rows[row(of: tracker)].isLost else { return }
        rows[row(of: tracker)].isLost = true
        rows[row(of: tracker)].lostAt = now
        rows[row(of: tracker)].phase = .working
    }

    /// The time that the peers of a lost tracker have to join another one: they try the other
    /// trackers one by one, each for a lease.
    private var patience: Duration {
        lease * max(adoptionLeases, rows.count { $0.isLost } + 1)
    }

    /// Whether peers of a lost tracker may still join another one.
    func isSettling(now: Tick) -> Bool {
        rows.contains { row in
            guard row.isLost, let lostAt = row.lostAt else { return false }
            return now < lostAt + patience
        }
    }

    /// The peers that no living tracker reports, although the peers of a lost one have had time to
    /// join another. Empty while no tracker is lost.
    func absent(now: Tick) -> [Rank] {
        let isOver = rows.contains { row in
            guard row.isLost, let lostAt = row.lostAt else { return false }
            return now >= lostAt + patience
        }
        guard isOver else { return [] }
        return accounts.rows.filter { account in
            guard account.stage != .closed else { return false }
            return accounts.reporter(of: account.rank).map { rows[row(of: $0)].isLost } ?? true
        }.map(\.rank)
    }

    /// Whether all living groups have reached that phase, and the peers of lost trackers have
    /// joined others or have had time to. `deadCount` peers will never turn up.
    func isUnanimous(_ phase: Phase, deadCount: Int, now: Tick) -> Bool {
        let presentCount = rows.reduce(0) { $0 + ($1.isLost ? 0 : $1.peers) }
        let areAllPresent = presentCount + deadCount >= peerCount
        return rows.allSatisfy { row in
            guard row.isLost, let lostAt = row.lostAt else { return row.phase == phase }
            return areAllPresent || now >= lostAt + patience
        }
    }
}
