package import Vocabulary
package import Wire

/// Whom to serve, in which order, and what to announce to whom.
///
///     serving → (leaving →) over
///
/// Leaving lasts until what is being sent is sent, or stuck. Invariant: a piece is announced, and
/// served, only after the downloader said that it is stored.
package struct Uploader: Sendable {
    package enum Stage: Sendable {
        case serving, leaving, over
    }

    let rules: UploaderRules
    private let rank: Rank
    package internal(set) var stage = Stage.serving
    /// We have left, and may come again: nobody is served meanwhile.
    var isAway = false
    /// We leave within that time, as soon as nobody needs us.
    var parting: Range<Tick>?
    var choker: any Choker
    var chance: Chance
    var contents: [ServedContent] = []
    /// Where those stand that are here no more.
    var vacant: [Int] = []
    var indexOfContent = ContentIndex()
    var links: [LinkRow] = []
    /// The ranks of `links`.
    var linkRoster = Roster()
    var sends: [SendRow] = []
    var offers: [OfferRow] = []
    /// Links that took less than half of what we can send.
    private(set) var slowLinkCount = 0
    /// Whom the offer that is being made may go to; kept for its capacity.
    var eligible: [Int] = []
    var nextTicket: UInt32 = 0
    var nextOffer: UInt32 = 0
    /// The content that is offered from first.
    var turn = 0
    var outflow = Outflow()
    /// From an offer to its answer.
    var answers = Timing()
    /// Links that were stuck, have taken all that was on its way to them, and hear of it.
    var unstuck: [Int] = []
    /// Of contents that are not open yet.
    var earlyTableRequests: [EarlyTableRequest] = []
    /// In contents that are not open yet.
    var earlyInterests: [EarlyInterest] = []
    /// Something happened that may let a send start or an offer be made.
    var isScheduleDue = true
    /// Nobody will say when the job is over, and somebody asked last at that time.
    var lingersSince: Tick?
    package internal(set) var slowSendCount = 0
    package internal(set) var lapseCount = 0

    /// `owned` are complete; each counts as stored.
    package init(
        rules: UploaderRules, rank: Rank, owned: [(content: ContentID, geometry: Geometry)]
    ) {
        self.rules = rules
        self.rank = rank
        chance = Chance(seed: rules.seed &+ UInt64(rank.raw) &* 0xA076_1D64_78BD_642F)
        choker = rules.serving == .titForTat ? TitForTat(rules) : OpenChoker()
        for (content, geometry) in owned {
            add(ServedContent(content, geometry, held: PieceSet(all: geometry.pieceCount)))
        }
    }

    package var isOver: Bool { stage == .over }

    package var isSending: Bool { !sends.isEmpty || !offers.isEmpty }

    mutating func mark(_ link: Int, isSlow: Bool) {
        guard links[link].isSlow != isSlow else { return }
        links[link].isSlow = isSlow
        slowLinkCount += isSlow ? 1 : -1
    }

    private mutating func add(_ row: ServedContent) {
        if let index = indexOfContent[row.content] { return refill(index, row.held) }
        let index = takeVacant() ?? contents.count
        indexOfContent[row.content] = index
        if index < contents.count { contents[index] = row } else { contents.append(row) }
    }

    package mutating func noted(
        _ note: UploaderNote, now: Tick, effects: inout Effects<UploaderEffect>
    ) {
        switch note {
        case .contentOpened(let content, let geometry, let held):
            isScheduleDue = true
            add(ServedContent(content, geometry, held: held))
            answerEarly(content, &effects)
        case .pieceStored(let piece, let content, let source, let byteCount):
            guard let index = indexOfContent[content] else { return }
            isScheduleDue = true
            if let link = linkRoster.place(of: source) { links[link].received += byteCount }
            _ = contents[index].stored(piece)
        case .pieceConfirmed(let piece, let content):
            guard let index = indexOfContent[content] else { return }
            isScheduleDue = true
            _ = contents[index].stored(piece)
        // What a neighbour got gives nobody a reason to send: that is nearly all of the news.
        case .neighbourHolds(let rank, let pieces, let content):
            guard let index = indexOfContent[content] else { return }
            meet(rank, index, holds: pieces)
        case .neighbourGot(let rank, let pieces, let content):
            noteGot(pieces, of: content, by: rank)
        case .pieceDropped(let piece, let content):
            guard let index = indexOfContent[content] else { return }
            isScheduleDue = true
            _ = contents[index].lost(piece)
        case .neighbourOffers(let rank):
            guard let link = linkRoster.place(of: rank) else { return }
            links[link].offers = true
        case .neighbourGone(let rank):
            isScheduleDue = true
            forget(rank, &effects)
        case .contentGone(let content):
            isScheduleDue = true
            withdraw(content, &effects)
        case .away:
            isScheduleDue = true
            dismissAll(&effects)
            isAway = true
        case .back: isAway = false
        case .ready: makeReady(now: now)
        case .leaving:
            isScheduleDue = true
            leave(&effects)
        case .lingering(let isAlone): linger(isAlone, now: now)
        }
    }

    package mutating func received(
        _ message: UploadMessage, tail: RawSpan, from rank: Rank, now: Tick,
        effects: inout Effects<UploaderEffect>
    ) throws(WireError) {
        isScheduleDue = true
        if lingersSince != nil { lingersSince = now }
        switch message {
        case .terminate:
            guard maySayTheEnd(rank) else { throw .malformed }
            stage = .over
            effects.append(.tell(.stopping))
            effects.append(.ended)
        case .piecesQuery(let content, let first, let count):
            try queried(content, first, count, tail, by: rank, effects: &effects)
        case .request(let content, let piece, let run, let request, let offer):
            guard run == 1 else { throw .malformed }
            answered(offer, by: rank, now: now)
            requested(content, piece, request, by: rank, effects: &effects)
        case .cancel(_, let request): cancelled(request, by: rank, &effects)
        case .interested(let content):
            becameInterested(rank, in: content)
            if let index = indexOfContent[content] {
                tell(.interested(rank, in: contents[index].geometry), &effects)
            }
        case .notInterested(let content):
            lostInterest(rank, in: content)
            if let index = indexOfContent[content] {
                tell(.uninterested(rank, in: contents[index].geometry), &effects)
            }
        case .decline(let content, let offer, let count):
            try declined(content, offer, count, tail, by: rank, now: now)
        case .tableRequest(let content, let first, let count):
            try tableRequested(content, first, count, by: rank, effects: &effects)
        case .holdingQuery(let content, let first):
            try holdingAsked(content, first, by: rank, &effects)
        }
    }

    private func maySayTheEnd(_ tracker: Rank) -> Bool {
        tracker == rules.tracker || rules.trackers.contains(tracker)
            || tracker <= rank && rules.heirs.contains(tracker)
    }

    /// Safe to call early or late.
    package mutating func timeout(now: Tick, effects: inout Effects<UploaderEffect>) {
        guard stage != .over else { return }
        isScheduleDue = true
        lapseOffers(now: now)
    }

    /// The events of one step are in: announce what came, start what can start, offer what can
    /// be offered.
    package mutating func stepEnded(now: Tick, effects: inout Effects<UploaderEffect>) {
        guard isScheduleDue, stage != .over else { return }
        isScheduleDue = false
        announce(&effects)
        linger(now: now, &effects)
        reviewChoking(now: now, &effects)
        noteSlowSends(now: now)
        noteStuckSends(now: now, &effects)
        startReads(&effects)
        startSends(now: now, &effects)
        makeOffers(now: now, &effects)
        part(now: now, &effects)
        if stage == .leaving, sends.allSatisfy(\.isStuck) {
            stage = .over
            return effects.append(.ended)
        }
        wake(now: now, &effects)
    }

    package func checkInvariants() {
        for row in contents { row.checkInvariants() }
        precondition(
            vacant.sorted() == contents.indices.filter { contents[$0].isVacant },
            "a vacant place drifted")
        precondition(linkRoster.count == links.count, "the links' ranks drifted")
        precondition(
            links.indices.allSatisfy { linkRoster[$0] == links[$0].rank }, "a link's rank drifted")
        for (index, link) in links.enumerated() {
            let rows = sends.filter { $0.link == index }
            precondition(rows.count { $0.stage == .sending } == link.sends, "sends drifted")
            precondition(rows.count { $0.stage != .sending } == link.waiting, "waiting drifted")
            precondition(
                offers.contains { $0.link == index } == link.hasOffer, "an offer drifted")
            precondition(!link.isChoked || link.waiting == 0, "a choked request waits")
            precondition(rows.count { $0.isStuck } == link.stuckSends, "stuck sends drifted")
            precondition(link.isChoked || !link.isStuck, "a stuck link may ask")
            let interests = contents.reduce(0) { sum, row in
                sum + row.neighbours.count { $0.link == index && $0.isInterested }
            }
            precondition(interests == link.interests, "interests drifted")
        }
        precondition(links.count { $0.isSlow } == slowLinkCount, "slow links drifted")
        precondition(activeSends <= activeMax, "too many active sends")
        precondition(
            sends.count { $0.isSlow } <= rules.slowSendsMax, "too many slow sends")
    }
}
