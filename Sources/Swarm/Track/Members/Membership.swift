import Vocabulary
import Wire

/// The peers of one group: their stages and leases, the ranks whose death is certain, and the stage
/// of the job.
///
/// Invariant: each rank has at most one row, `places` finds it, and `stageCounts` has the number of
/// rows at each stage.
struct Membership: Sendable {
    let rules: TrackerRules
    var stage = Tracker.Stage.gathering
    private(set) var rows: [PeerRow]
    /// The row of each rank, by its distance from the job's first peer; -1 for other groups' ranks.
    private var places: [Int32]
    /// The lowest rank that begins in another group; nil if there is none.
    let lowestElsewhere: Rank?
    /// The number of peers at each stage, by raw value.
    private var stageCounts = [Int](repeating: 0, count: PeerRow.Stage.allCases.count)
    /// The rows of the peers that want each name; used only where there are several trackers.
    private var wanters: [RelativePath: [Int]] = [:]
    /// The peers that have ever listed a file which they were still reading: few among many, where
    /// every waiting peer asks again and again whether its file is still being read.
    private var readers: [Int] = []
    private var isReader = Set<Int>()
    /// Ranks whose death is certain.
    private(set) var dead: [Rank]
    /// Whether answers that other trackers have received about these peers may be outdated.
    private var hasChanged = false
    private let begunAt: Tick

    init(_ rules: TrackerRules, now: Tick) {
        self.rules = rules
        begunAt = now
        dead = rules.inheritance?.dead ?? []
        let patience = rules.inheritance == nil ? 1 : Inheritance.leases
        rows = rules.group.map { PeerRow(rank: $0, leaseEnd: now + rules.lease * patience) }
        places = [Int32](repeating: -1, count: rules.peerCount)
        for (index, rank) in rules.group.enumerated() {
            places[Int(rank.raw - rules.firstPeer.raw)] = Int32(index)
        }
        lowestElsewhere = places.firstIndex(of: -1).map {
            Rank(rules.firstPeer.raw + Int32($0))
        }
        stageCounts[PeerRow.Stage.absent.rawValue] = rules.group.count
        for rank in rules.inheritance?.lost ?? [] where rules.contains(rank) {
            if let index = place(of: rank) { move(index, to: .lost) }
        }
    }

    subscript(_ index: Int) -> PeerRow {
        // The row is changed in place: a copy would copy its report for each message.
        _read { yield rows[index] }
        _modify { yield &rows[index] }
    }

    var indices: Range<Int> { rows.indices }

    /// The place of a rank's row; nil for a rank of another group, and for one that is no peer.
    func place(of rank: Rank) -> Int? {
        guard rules.contains(rank) else { return nil }
        let index = places[Int(rank.raw - rules.firstPeer.raw)]
        return index < 0 ? nil : Int(index)
    }

    /// Adds a peer that joins here because it has lost its own tracker.
    mutating func adopt(_ rank: Rank, now: Tick) -> Int {
        places[Int(rank.raw - rules.firstPeer.raw)] = Int32(rows.count)
        stageCounts[PeerRow.Stage.absent.rawValue] += 1
        rows.append(PeerRow(rank: rank, leaseEnd: now + rules.lease))
        return rows.count - 1
    }

    mutating func noteReader(_ index: Int) {
        if isReader.insert(index).inserted { readers.append(index) }
    }

    func isBeingRead(_ name: RelativePath) -> Bool {
        readers.contains { !rows[$0].isGone && rows[$0].listing.reading[name] != nil }
    }

    mutating func move(_ index: Int, to stage: PeerRow.Stage) {
        stageCounts[rows[index].stage.rawValue] -= 1
        stageCounts[stage.rawValue] += 1
        rows[index].stage = stage
        hasChanged = true
    }

    /// Resets the row of a rank that comes back: its former wants and reports do not count.
    mutating func restart(_ index: Int) {
        move(index, to: .absent)
        rows[index] = PeerRow(rank: rows[index].rank, leaseEnd: rows[index].leaseEnd)
    }

    func count(_ stages: PeerRow.Stage...) -> Int {
        stages.reduce(0) { $0 + stageCounts[$1.rawValue] }
    }

    /// Renews a lease after any message, which proves that its sender lives. Returns true if the
    /// sender counted as lost: then it was only silent, and has to send its list again, because its
    /// entries were deleted.
    mutating func renewLease(of index: Int, now: Tick) -> Bool {
        rows[index].leaseEnd = now + rules.lease
        guard rows[index].stage == .lost else { return false }
        move(index, to: .absent)
        rows[index].listing = PeerListing()
        return true
    }

    /// Notes the death of a rank. Returns false if it was known.
    mutating func noteDeath(of rank: Rank) -> Bool {
        guard !dead.contains(rank) else { return false }
        dead.append(rank)
        return true
    }

    /// The peers whose leases have ended.
    func silent(now: Tick) -> [Int] {
        rows.indices.filter { !rows[$0].isGone && rows[$0].leaseEnd <= now }
    }

    /// The peers that have left and fallen silent. A peer that left repeats `leave` to keep its
    /// place; a silent one cannot come back.
    func vanished(now: Tick) -> [Int] {
        rows.indices.filter { rows[$0].stage == .closed && rows[$0].leaseEnd <= now }
    }

    /// Whether this heir has waited long enough for ranks to join. If none joins, the heir itself
    /// may be cut off. It continues alone only after a few leases, in which the network may
    /// recover, or when the death of all others is certain.
    func isForsaken(now: Tick) -> Bool {
        guard rules.inheritance != nil, now < begunAt + rules.lease * rules.forsakenLeases
        else { return false }
        let others = rows.filter { $0.rank != rules.rank && !dead.contains($0.rank) }
        return !others.isEmpty && others.allSatisfy { $0.stage == .absent || $0.isGone }
    }

    /// The accused peers that make no progress: the rank that one of them floods no longer reads
    /// its requests.
    mutating func hopeless(now: Tick) -> [Int] {
        rows.indices.filter {
            !rows[$0].isGone && rows[$0].complaints.areFinal(now: now, lease: rules.lease)
        }
    }

    /// Whether only accused ranks are not done. Most ranks may never have to do with one of those,
    /// and so never accuse it.
    var waitsOnlyForAccused: Bool {
        rows.allSatisfy {
            $0.isGone || $0.stage == .finished || $0.complaints.accuserCount > 0
        }
    }

    mutating func noteWanter(_ index: Int, of name: RelativePath) {
        if wanters[name]?.contains(index) != true { wanters[name, default: []].append(index) }
    }

    /// The ranks of the group that want that name, in the order in which they listed it.
    func wanters(of name: RelativePath) -> [Rank] {
        (wanters[name] ?? []).filter { !rows[$0].isGone }.map { rows[$0].rank }
    }

    /// Extends all leases by a time in which the silence of the peers proves nothing.
    mutating func excuse(_ gap: Duration) {
        for index in rows.indices { rows[index].leaseEnd = rows[index].leaseEnd + gap }
    }

    mutating func noteChange() { hasChanged = true }

    /// Whether anything has changed since the last call.
    mutating func takeChange() -> Bool {
        defer { hasChanged = false }
        return hasChanged
    }

    func checkInvariants() {
        for stage in PeerRow.Stage.allCases {
            precondition(count(stage) == rows.count { $0.stage == stage }, "a count drifted")
        }
        for (index, row) in rows.enumerated() {
            precondition(place(of: row.rank) == index, "a peer's place drifted")
        }
    }
}
