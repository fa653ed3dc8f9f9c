import Vocabulary
import Wire

/// The orders of users that wait for an answer. One list is requested at a time; an order that
/// comes later gets the next list, which is newer.
///
/// Invariant: an order waits in one place, and is answered once.
struct OrderBook: Sendable {
    /// A list that comes in pages.
    struct Listing<Entry: TailEntry>: Sendable {
        var waiting: [OrderTicket] = []
        private(set) var served: [OrderTicket] = []
        private(set) var entries: [Entry] = []

        var isAsking: Bool { !served.isEmpty }

        /// Returns true if an order waits for a new list.
        mutating func begin() -> Bool {
            guard served.isEmpty, !waiting.isEmpty else { return false }
            served = waiting
            waiting = []
            return true
        }

        /// Drops the pages of a tracker that is gone.
        mutating func restart() { entries = [] }

        mutating func take(_ page: [Entry]) { entries += page }

        /// Ends a complete list. Returns the orders that waited for it, and its entries.
        mutating func end() -> (tickets: [OrderTicket], entries: [Entry]) {
            defer {
                served = []
                entries = []
            }
            return (served, entries)
        }

        /// Drops the list, for which no answer will come. Returns the orders that waited for it.
        mutating func drop() -> [OrderTicket] {
            defer { self = Listing() }
            return served + waiting
        }
    }

    private var catalog = Listing<CatalogEntry>()
    private var roll = Listing<RollEntry>()
    /// The content whose seeds are listed; `none` for all ranks of the job.
    private var rollTopic = ContentID.none
    /// The orders that wait for a list of ranks, and its content.
    private var rolls: [(topic: ContentID, ticket: OrderTicket)] = []
    /// The queries for pieces of other ranks, the oldest first.
    private var holdings: [HoldingQuery] = []
    private var joining: [OrderTicket] = []
    private var leaving: [OrderTicket] = []
    /// Whether a user has requested the end of the job, which has not ended yet.
    var isEndWanted = false
    /// Whether the files that were in the folders at first are shared.
    var hasLooked = false

    /// Whether the tracker still has to answer.
    var isAsking: Bool { catalog.isAsking || roll.isAsking }

    // MARK: Lists of the tracker

    mutating func wantsCatalog(_ ticket: OrderTicket) { catalog.waiting.append(ticket) }

    mutating func wantsRoll(_ ticket: OrderTicket, of topic: ContentID) {
        rolls.append((topic, ticket))
    }

    mutating func askLists(_ journal: Journal, _ effects: inout Effects<DownloaderEffect>) {
        if catalog.begin() { journal.report(.catalogRequest(from: 0), &effects) }
        if beginRoll() { journal.report(.rollRequest(of: rollTopic, from: 0), &effects) }
    }

    /// Repeats the requests, because another tracker knows nothing of them.
    mutating func askListsAgain(_ journal: Journal, _ effects: inout Effects<DownloaderEffect>) {
        if catalog.isAsking {
            catalog.restart()
            journal.report(.catalogRequest(from: 0), &effects)
        }
        if roll.isAsking {
            roll.restart()
            journal.report(.rollRequest(of: rollTopic, from: 0), &effects)
        }
        askLists(journal, &effects)
    }

    /// Adds a page of the catalog. Returns true for the last page.
    mutating func catalogCame(
        _ from: UInt32, _ count: UInt32, isLast: Bool, _ tail: RawSpan, _ journal: Journal,
        _ effects: inout Effects<DownloaderEffect>
    ) throws(WireError) -> Bool {
        guard catalog.isAsking, Int(from) == catalog.entries.count else { return false }
        catalog.take(try CatalogEntry.reading(tail, count: count))
        guard isLast || count == 0 else {
            journal.report(.catalogRequest(from: from + count), &effects)
            return false
        }
        let (tickets, entries) = catalog.end()
        // The tracker still lists contents that no rank has any more.
        let alive = entries.filter { $0.seeds + $0.peers > 0 }
        for ticket in tickets { effects.append(.report(.catalog(ticket, alive))) }
        return true
    }

    /// Adds a page of a list of ranks. Returns true for the last page.
    mutating func rollCame(
        _ from: UInt32, _ count: UInt32, isLast: Bool, _ tail: RawSpan, _ journal: Journal,
        _ effects: inout Effects<DownloaderEffect>
    ) throws(WireError) -> Bool {
        guard roll.isAsking, Int(from) == roll.entries.count else { return false }
        roll.take(try RollEntry.reading(tail, count: count))
        guard isLast || count == 0 else {
            journal.report(.rollRequest(of: rollTopic, from: from + count), &effects)
            return false
        }
        let (tickets, entries) = roll.end()
        for ticket in tickets { effects.append(.report(.roll(ticket, entries))) }
        return true
    }

    /// Begins the next list, for all orders that wait for it. Returns false if there is none.
    private mutating func beginRoll() -> Bool {
        guard !roll.isAsking, let topic = rolls.first?.topic else { return false }
        rollTopic = topic
        roll.waiting = rolls.filter { $0.topic == topic }.map(\.ticket)
        rolls.removeAll { $0.topic == topic }
        return roll.begin()
    }

    /// Drops all lists when the tracker is silent.
    mutating func dropLists(
        _ reason: FailureReason, _ effects: inout Effects<DownloaderEffect>
    ) {
        fail(catalog.drop() + dropRolls(), reason, &effects)
    }

    private mutating func dropRolls() -> [OrderTicket] {
        defer { rolls = [] }
        return roll.drop() + rolls.map(\.ticket)
    }

    private func fail(
        _ tickets: [OrderTicket], _ reason: FailureReason,
        _ effects: inout Effects<DownloaderEffect>
    ) {
        for ticket in tickets { effects.append(.report(.failed(ticket, reason))) }
    }

    // MARK: Holdings of other ranks

    /// Repeats a request that was not answered, because the rank may not have had the content then.
    mutating func askHolding(
        _ ticket: OrderTicket, of content: ContentID, at rank: Rank,
        _ effects: inout Effects<DownloaderEffect>
    ) {
        var query = HoldingQuery(content: content, rank: rank, tickets: [ticket])
        if let place = place(of: content, at: rank) {
            query.tickets = holdings.remove(at: place).tickets + [ticket]
        }
        if holdings.count == HoldingQuery.countMax {
            fail(holdings.removeFirst().tickets, .notThere, &effects)
        }
        holdings.append(query)
        ask(rank, content, from: 0, &effects)
    }

    private func place(of content: ContentID, at rank: Rank) -> Int? {
        holdings.firstIndex { $0.content == content && $0.rank == rank }
    }

    private func ask(
        _ rank: Rank, _ content: ContentID, from first: Int,
        _ effects: inout Effects<DownloaderEffect>
    ) {
        let message = UploadMessage.holdingQuery(content, first: UInt32(first))
        effects.append(.send(.upload(message), .none, to: rank))
    }

    /// Adds a page of pieces that a rank holds. A page that was not requested, or comes twice, is
    /// dropped.
    mutating func holdingCame(
        _ content: ContentID, _ first: UInt32, _ count: UInt32, of pieceCount: UInt32,
        _ tail: RawSpan, from rank: Rank, _ effects: inout Effects<DownloaderEffect>
    ) throws(WireError) {
        guard pieceCount <= Geometry.pieceCountMax, Int(first) + Int(count) <= pieceCount else {
            throw .malformed
        }
        guard let place = place(of: content, at: rank) else { return }
        var pieces = holdings[place].pieces ?? PieceSet(none: Int(pieceCount))
        // A content that changed between two pages has another number of pieces.
        guard count > 0, pieces.capacity == Int(pieceCount) else {
            return report(place, nil, &effects)
        }
        try pieces.insert(bits: tail, first: first, count: count)
        holdings[place].pieces = pieces
        let next = Int(first) + Int(count)
        guard next == pieces.capacity else { return ask(rank, content, from: next, &effects) }
        report(place, pieces, &effects)
    }

    private mutating func report(
        _ place: Int, _ pieces: PieceSet?, _ effects: inout Effects<DownloaderEffect>
    ) {
        for ticket in holdings.remove(at: place).tickets {
            effects.append(.report(.holding(ticket, pieces)))
        }
    }

    // MARK: Joining and leaving

    mutating func wantsIn(_ ticket: OrderTicket) { joining.append(ticket) }

    mutating func isIn(_ effects: inout Effects<DownloaderEffect>) {
        for ticket in joining { effects.append(.report(.done(ticket))) }
        joining = []
    }

    mutating func wantsOut(_ ticket: OrderTicket) { leaving.append(ticket) }

    /// Drops the orders of a rank that leaves, which get no answer.
    mutating func leaves(_ effects: inout Effects<DownloaderEffect>) {
        let asked = catalog.drop() + dropRolls() + holdings.flatMap(\.tickets)
        fail(asked + joining, .left, &effects)
        holdings = []
        joining = []
    }

    mutating func isOut(_ effects: inout Effects<DownloaderEffect>) {
        for ticket in leaving { effects.append(.report(.done(ticket))) }
        leaving = []
    }
}
