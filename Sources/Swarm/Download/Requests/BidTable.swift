import Vocabulary

/// The waiting offers, in the order in which they came, and the places for which they wait.
///
/// Invariant: a source has at most one for each content, so there are never more than sources.
struct BidTable: Sendable {
    private(set) var rows: [Bid] = []
    /// The last offers of sources that were declined because this rank was busy with other pieces.
    private var declined: [Bid] = []
    /// The times that pieces take.
    private var receipts = Timing()
    /// As many as the senders of these offers have.
    private var places = LinkPlaces()

    var isEmpty: Bool { rows.isEmpty }

    mutating func add(_ bid: Bid) {
        remove(of: bid.content, by: bid.source)
        rows.append(bid)
    }

    /// Removes the offer of a content by a source, whose next offer replaces it.
    mutating func remove(of content: ContentID, by source: Rank) {
        rows.removeAll { $0.content == content && $0.source == source }
        declined.removeAll { $0.content == content && $0.source == source }
    }

    mutating func withdraw(_ number: UInt32, of content: ContentID, by source: Rank) {
        rows.removeAll { $0.content == content && $0.source == source && $0.number == number }
    }

    mutating func remove(by source: Rank) {
        rows.removeAll { $0.source == source }
        declined.removeAll { $0.source == source }
    }

    mutating func remove(at place: Int) -> Bid { rows.remove(at: place) }

    /// An offer was declined. Its source will make another one if any of its pieces is queued.
    mutating func turnedAway(_ bid: Bid, queued: PieceSet) {
        remove(of: bid.content, by: bid.source)
        if bid.pieces.contains(where: { queued.contains($0) }) { declined.append(bid) }
    }

    /// The sources of a content whose offers wait here, or that will make another offer.
    func sourcesInQueue(of content: ContentID?) -> [Rank] {
        (rows + declined).filter { $0.content == content }.map(\.source)
    }

    mutating func received(in time: Duration) { receipts.note(time) }

    // MARK: Places

    mutating func offered(among count: UInt32) {
        if count > 0 { places.note(Int(clamping: count)) }
    }

    /// The most pieces that are accepted, whether their offers waited or not.
    func most(atPace pace: Pace) -> Int { max(pace.receiptsMax, places.count * 2) }

    func hasPlace(beside requests: RequestTable, _ rules: DownloaderRules, now: Tick) -> Bool {
        requests.rows.count { takesPlace($0, rules, now: now) } < places.count
    }

    private func takesPlace(
        _ request: RequestRow, _ rules: DownloaderRules, now: Tick
    ) -> Bool {
        request.isOffered && request.stage == .asked && request.arrivedCount == nil
            && leavesPlaceAt(request, rules) > now
    }

    /// The time at which a request leaves its place to others. A piece that takes twice as long as
    /// usual comes over a slower link; a sender may also not begin to send.
    private func leavesPlaceAt(_ request: RequestRow, _ rules: DownloaderRules) -> Tick {
        let since = request.acknowledgedAt ?? request.sentAt
        return since + (receipts.count == 0 ? rules.answerPatience : receipts.mean * 2)
    }

    /// The time after which an offer is accepted without a place. A sender that has not withdrawn
    /// its offer by then has found no other receiver, and its link is idle, although this rank's
    /// link may carry more pieces than it has places.
    private func overdueAt(_ bid: Bid) -> Tick {
        receipts.count == 0 ? .never : bid.cameAt + receipts.mean
    }

    func isOverdue(_ bid: Bid, now: Tick) -> Bool { overdueAt(bid) <= now }

    /// The next time at which an offer may be accepted without an event.
    func nextGrant(beside requests: RequestTable, _ rules: DownloaderRules, now: Tick) -> Tick {
        guard !isEmpty else { return .never }
        var next = Tick.never
        for request in requests.rows where takesPlace(request, rules, now: now) {
            next = min(next, leavesPlaceAt(request, rules))
        }
        for bid in rows where !isOverdue(bid, now: now) { next = min(next, overdueAt(bid)) }
        return next
    }

    func checkInvariants() {
        for (place, bid) in rows.enumerated() {
            precondition(
                !rows[..<place].contains { $0.content == bid.content && $0.source == bid.source },
                "two offers of one source wait for a content")
        }
    }
}
