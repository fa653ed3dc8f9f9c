import Vocabulary

/// The offers without an answer, and the time that receivers take to answer.
///
/// Invariant: a link has one offer at most, and no two offers have one number.
struct OfferBook: Sendable {
    private let rules: UploaderRules
    private(set) var rows: [OfferRow] = []
    /// The time from an offer to its answer.
    private(set) var answers = Timing()
    private(set) var lapseCount = 0
    private var number: UInt32 = 0

    init(_ rules: UploaderRules) { self.rules = rules }

    var isEmpty: Bool { rows.isEmpty }

    mutating func add(
        _ piece: PieceIndex, of content: Int, to link: Int, now: Tick
    ) -> UInt32 {
        number = number == .max ? 1 : number + 1
        rows.append(
            OfferRow(number: number, link: link, content: content, piece: piece, sentAt: now))
        return number
    }

    /// A request or a decline that names an offer answers it.
    mutating func answered(_ number: UInt32, by link: Int, now: Tick) -> OfferRow? {
        guard let row = rows.firstIndex(where: { $0.number == number && $0.link == link })
        else { return nil }
        let offer = rows.remove(at: row)
        answers.note(now - offer.sentAt)
        return offer
    }

    func end(of offer: OfferRow) -> Tick { offer.sentAt + patience }

    private var patience: Duration {
        guard let latest = answers.latest(times: 2) else { return rules.offerPatienceMax }
        return min(max(latest, rules.offerPatienceMin), rules.offerPatienceMax)
    }

    /// Removes the last offer that was not answered in time.
    mutating func lapse(now: Tick) -> OfferRow? {
        guard let row = rows.lastIndex(where: { end(of: $0) <= now }) else { return nil }
        lapseCount += 1
        return rows.remove(at: row)
    }

    mutating func drop(to link: Int) -> OfferRow? {
        rows.lastIndex { $0.link == link }.map { rows.remove(at: $0) }
    }
}
