import Vocabulary

/// The offers without an answer, and the time that receivers take to answer.
///
/// Invariant: a link has one offer at most, and no two offers have one number.
struct OfferBook: Sendable {
    private let rules: UploaderRules
    private(set) var rows: [OfferRow] = []
    /// The time from an offer to its answer.
    private(set) var answers = Timing()
    /// The quickest answer of late: the time there and back, where the receiver had room.
    private var quickest: Duration?
    /// The time that an offer and its answer take by themselves: the quickest one, which is
    /// forgotten slowly. Behind pieces in the queue of a link they take longer, which shows no long
    /// way but a full link.
    private(set) var turnaround = Duration.zero
    /// The time that a piece takes to a receiver; an offer that waits is kept for several of them.
    var pieceTime = Duration.zero
    private(set) var lapseCount = 0
    private var number: UInt32 = 0

    init(_ rules: UploaderRules) { self.rules = rules }

    var isEmpty: Bool { rows.isEmpty }

    mutating func add(
        _ piece: PieceIndex, of content: Int, to link: Int, places: Int, now: Tick
    ) -> UInt32 {
        number = number == .max ? 1 : number + 1
        rows.append(
            OfferRow(
                number: number, link: link, content: content, piece: piece, places: places,
                sentAt: now))
        return number
    }

    /// A request or a decline that names an offer answers it.
    mutating func answered(_ number: UInt32, by link: Int, now: Tick) -> OfferRow? {
        guard let row = rows.firstIndex(where: { $0.number == number && $0.link == link })
        else { return nil }
        let offer = rows.remove(at: row)
        let time = now - offer.sentAt
        if !offer.mayWait { answers.note(time) }
        turnaround = turnaround == .zero ? time : min(time, turnaround + turnaround / 64)
        quickest = quickest.map { min(time, $0 + $0 / 16) } ?? time
        return offer
    }

    func end(of offer: OfferRow) -> Tick {
        guard offer.mayWait else { return offer.sentAt + patience }
        // A receiver that takes several pieces at once has room again in half of this time, unless
        // it is dead or has lost the offer.
        return offer.sentAt
            + max(patience, rules.offerPatienceMax, pieceTime * (offer.places * 2))
    }

    /// Whether its receiver may have room and not have been able to answer yet.
    func isFresh(_ offer: OfferRow, now: Tick) -> Bool { freshEnd(of: offer) > now }

    func freshEnd(of offer: OfferRow) -> Tick {
        offer.sentAt + (quickest ?? rules.offerPatienceMin) * 2
    }

    private var patience: Duration {
        guard let latest = answers.latest(times: 2) else { return rules.offerPatienceMax }
        return min(max(latest, rules.offerPatienceMin), rules.offerPatienceMax)
    }

    /// The next time at which an offer lapses or, if a send is free, others may be offered it.
    func nextDeadline(isFree: Bool, after now: Tick) -> Tick {
        var next = Tick.never
        for offer in rows {
            next = min(next, end(of: offer))
            guard isFree, offer.mayWait, isFresh(offer, now: now) else { continue }
            next = min(next, freshEnd(of: offer))
        }
        return next
    }

    /// Removes the last offer that was not answered in time.
    mutating func lapse(now: Tick) -> OfferRow? {
        guard let row = rows.lastIndex(where: { end(of: $0) <= now }) else { return nil }
        lapseCount += 1
        return rows.remove(at: row)
    }

    mutating func takeLast(where isMeant: (OfferRow) -> Bool) -> OfferRow? {
        rows.lastIndex(where: isMeant).map { rows.remove(at: $0) }
    }

    mutating func drop(to link: Int) -> OfferRow? {
        rows.lastIndex { $0.link == link }.map { rows.remove(at: $0) }
    }
}
