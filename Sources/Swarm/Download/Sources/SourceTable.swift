import Vocabulary
import Wire

/// The ranks that have, or may get, pieces of one content, in the order in which they were met.
///
/// Invariant: rows, roster and holdings are of the same ranks in the same order.
struct SourceTable: Sendable {
    private var rows = Table<SourceIndex, SourceRow>()
    /// The ranks of the rows.
    private var roster = Roster()
    /// The pieces that the sources hold, a row for each source.
    private(set) var holdings = PieceTable(pieceCount: 0)
    /// The members of the swarm, until the geometry is known and they can become sources.
    var members = MemberList(seeds: [], peers: [])
    /// The number of sources that accept requests.
    private(set) var openCount = 0
    /// The source that is asked first in the next round.
    private var turn = 0
    /// Sources whose interest to this rank may have changed.
    private var interestDue: [SourceIndex] = []
    /// The number of copies of the publisher's table that each rank has contradicted without blame.
    private var contradictions: [Rank: Int] = [:]

    /// After each of them the publisher's table is requested again.
    static let contradictionsMax = 2

    init() {}

    init(members: MemberList, pieceCount: Int) {
        self.members = members
        holdings = PieceTable(pieceCount: pieceCount)
    }

    var count: Int { rows.count }
    var indices: Range<SourceIndex> { rows.startIndex..<rows.endIndex }
    var list: Table<SourceIndex, SourceRow> { rows }

    subscript(place: SourceIndex) -> SourceRow {
        _read { yield rows[place] }
        _modify { yield &rows[place] }
    }

    func place(of rank: Rank) -> SourceIndex? {
        roster.place(of: rank).map { SourceIndex($0) }
    }

    func rank(of place: SourceIndex) -> Rank { roster[place.position] }

    func holds(_ piece: PieceIndex, _ place: SourceIndex) -> Bool {
        holdings.contains(piece, in: place.position)
    }

    func first(
        from start: Int = 0, of pieces: PieceSet, at place: SourceIndex
    ) -> PieceIndex? {
        holdings.first(from: start, of: pieces, in: place.position)
    }

    func first(
        from start: Int = 0, of pieces: PieceSet, notAt place: SourceIndex
    ) -> PieceIndex? {
        holdings.first(from: start, of: pieces, notIn: place.position)
    }

    func pieces(at place: SourceIndex) -> PieceSet { holdings.pieces(in: place.position) }

    /// A newcomer takes turns with the others, and need not catch up with them first.
    mutating func add(_ rank: Rank, isSeed: Bool, stance: Stance, missing: Int) {
        var source = SourceRow(rank: rank, isSeed: isSeed, stance: stance)
        source.asked = rows.map(\.asked).min() ?? 0
        source.useful = isSeed ? missing : 0
        rows.append(source)
        roster.append(rank)
        holdings.appendRow(isFull: isSeed)
        if stance == .open { openCount += 1 }
        interestDue.append(SourceIndex(rows.count - 1))
    }

    mutating func remove(_ place: SourceIndex) {
        rows.remove(at: place)
        roster.remove(at: place.position)
        holdings.removeRow(place.position)
        interestDue = Array(indices)
    }

    // MARK: Holdings

    /// Notes a piece that a source holds. Returns false if that was known.
    mutating func noteHolds(_ place: SourceIndex, _ piece: PieceIndex, isMissing: Bool) -> Bool {
        guard holdings.insert(piece, in: place.position) else { return false }
        if isMissing {
            rows[place].useful += 1
            if rows[place].useful == 1 { interestDue.append(place) }
        }
        return true
    }

    /// Notes a piece that a source lacks. Returns false if that was known.
    mutating func noteLacks(_ place: SourceIndex, _ piece: PieceIndex, isMissing: Bool) -> Bool {
        guard holdings.remove(piece, in: place.position) else { return false }
        if isMissing {
            rows[place].useful -= 1
            if rows[place].useful == 0 { interestDue.append(place) }
        }
        return true
    }

    /// A piece has arrived, so each of its holders has one useful piece fewer.
    mutating func got(_ piece: PieceIndex) {
        for place in indices where holds(piece, place) {
            rows[place].useful -= 1
            if rows[place].useful == 0 { interestDue.append(place) }
        }
    }

    mutating func lost(_ piece: PieceIndex) {
        for place in indices where holds(piece, place) {
            rows[place].useful += 1
            interestDue.append(place)
        }
    }

    // MARK: Stances

    mutating func turn(_ place: SourceIndex, to stance: Stance) {
        if rows[place].stance == .open { openCount -= 1 }
        if stance == .open { openCount += 1 }
        rows[place].stance = stance
        rows[place].answered()
        rows[place].isAwaited = false
        interestDue.append(place)
    }

    /// Sources that have not answered by now lose their turns.
    mutating func awaitNone() {
        for place in indices { rows[place].isAwaited = false }
    }

    mutating func distrust(_ place: SourceIndex) {
        rows[place].trust = members.seeds.contains(rank(of: place)) ? .lost : .suspended
        interestDue.append(place)
    }

    /// Notes that a source contradicts the publisher's table, and passes over it until the table is
    /// here again; other pieces of it may be under way. Returns false if it has contradicted too
    /// many copies of the table.
    mutating func contradicted(by place: SourceIndex) -> Bool {
        guard rows[place].trust != .contradicting else { return true }
        let count = contradictions[rank(of: place), default: 0]
        guard rows[place].trust == .full, count < Self.contradictionsMax else { return false }
        contradictions[rank(of: place)] = count + 1
        rows[place].trust = .contradicting
        interestDue.append(place)
        return true
    }

    /// The tracker named it as a seed, or what it contradicted is here again. Returns true if it is
    /// trusted again.
    mutating func trustAgain(_ place: SourceIndex) -> Bool {
        guard rows[place].trust == .suspended || rows[place].trust == .contradicting
        else { return false }
        rows[place].trust = .full
        interestDue.append(place)
        return true
    }

    mutating func nextTurn() -> SourceIndex {
        turn = turn < rows.count ? turn : 0
        defer { turn += 1 }
        return SourceIndex(turn)
    }

    // MARK: Interest

    /// The next source that has to learn of a change of interest, which is noted as sent.
    mutating func nextInterest(isFetching: Bool) -> (source: Rank, isInterested: Bool)? {
        guard isFetching else {
            // No source is of interest any more.
            interestDue.removeAll()
            for place in indices {
                if let change = change(of: place, isFetching: false) { return change }
            }
            return nil
        }
        while let place = interestDue.popLast() {
            if let change = change(of: place, isFetching: true) { return change }
        }
        return nil
    }

    private mutating func change(
        of place: SourceIndex, isFetching: Bool
    ) -> (source: Rank, isInterested: Bool)? {
        let isInterested = isFetching && rows[place].useful > 0 && !rows[place].isDistrusted
        guard isInterested != rows[place].isTold,
            isInterested || !(isFetching && rows[place].learnsByItself)
        else { return nil }
        rows[place].isTold = isInterested
        return (rank(of: place), isInterested)
    }

    func checkInvariants(have: PieceSet) {
        precondition(rows.count { $0.stance == .open } == openCount, "open sources drifted")
        precondition(roster.count == rows.count, "the sources' ranks drifted")
        precondition(
            indices.allSatisfy { rank(of: $0) == rows[$0].rank }, "a source's rank drifted")
        precondition(
            indices.allSatisfy { rows[$0].useful == pieces(at: $0).count(notIn: have) },
            "a source's use drifted")
    }
}
