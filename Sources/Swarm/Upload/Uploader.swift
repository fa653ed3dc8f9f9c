package import Vocabulary
package import Wire

/// Decides which receivers are served, in which order, and what is announced to them.
///
///     serving → (leaving →) over
///
/// Leaving lasts until all payloads under way are sent, or stuck. Invariant: a piece is announced
/// and served only after the downloader reported it as stored.
package struct Uploader: Sendable {
    package enum Stage: Sendable {
        case serving, leaving, over
    }

    let rules: UploaderRules
    private let rank: Rank
    package internal(set) var stage = Stage.serving
    /// This rank has left, and may come back: it serves no rank meanwhile.
    private var isAway = false
    var dispatch: Dispatch
    /// The job is over: this rank ends at that time, or once all ranks that were to introduce
    /// themselves have done so.
    var endsBy: Tick?
    /// Something happened that may let a send start or an offer be made.
    var isScheduleDue = true
    /// Set while no tracker can report the end of the job: the time of a neighbour's last message.
    var lingersSince: Tick?

    /// `owned` are complete; each counts as stored.
    package init(
        rules: UploaderRules, rank: Rank, owned: [(content: ContentID, geometry: Geometry)]
    ) {
        self.rules = rules
        self.rank = rank
        dispatch = Dispatch(rules, rank: rank)
        for (content, geometry) in owned {
            open(content, geometry, held: PieceSet(all: geometry.pieceCount))
        }
    }

    private mutating func open(_ content: ContentID, _ geometry: Geometry, held: PieceSet) {
        dispatch.add(
            ServedContent(
                content, geometry, held: held, recentByteCountMax: rules.recentByteCountMax))
    }

    var audience: Audience {
        _read { yield dispatch.audience }
        _modify { yield &dispatch.audience }
    }

    package var isOver: Bool { stage == .over }

    package var isSending: Bool { !dispatch.sends.isEmpty || !dispatch.offers.isEmpty }

    package var slowSendCount: Int { dispatch.slowSendCount }
    package var lapseCount: Int { dispatch.offers.lapseCount }

    /// Whether this rank takes part and is not about to leave.
    private var isOpen: Bool { stage == .serving && !isAway }

    package mutating func noted(
        _ note: UploaderNote, now: Tick, effects: inout Effects<UploaderEffect>
    ) {
        switch note {
        case .contentOpened(let content, let geometry, let held):
            isScheduleDue = true
            open(content, geometry, held: held)
            audience.answerEarly(content, isOpen: isOpen, &effects)
        case .pieceStored(let piece, let content, let source, let byteCount, let time):
            guard let index = audience.index(of: content) else { return }
            isScheduleDue = true
            dispatch.pace.received(byteCount, in: time)
            audience.stored(piece, index, byteCount, from: source)
        case .pieceConfirmed(let piece, let content):
            guard let index = audience.index(of: content) else { return }
            isScheduleDue = true
            _ = audience[index].stored(piece)
        // A neighbour's new pieces are no reason to send, and most notes report such pieces.
        case .neighbourHolds(let rank, let pieces, let content):
            guard let index = audience.index(of: content) else { return }
            audience.meet(rank, index, holds: pieces)
        case .neighbourGot(let rank, let pieces, let content):
            let isNews = audience.noteGot(pieces, of: content, by: rank)
            isScheduleDue = isScheduleDue || isNews
        case .pieceDropped(let piece, let content):
            guard let index = audience.index(of: content) else { return }
            isScheduleDue = true
            _ = audience[index].lost(piece)
        case .neighbourOffers(let rank):
            guard let link = audience.place(of: rank) else { return }
            audience.links[link].offers = true
        case .neighbourGone(let rank):
            isScheduleDue = true
            dispatch.forget(rank, &effects)
        case .contentGone(let content):
            isScheduleDue = true
            dispatch.withdraw(content, &effects)
        case .away:
            isScheduleDue = true
            dispatch.dismissAll(&effects)
            isAway = true
        case .back:
            isScheduleDue = true
            isAway = false
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
            end(.stopping, now: now, &effects)
        case .collected:
            guard maySayTheEnd(rank) else { throw .malformed }
            end(.collected, now: now, &effects)
        case .piecesQuery(let content, let first, let count):
            guard isOpen else { return turnAway(rank, &effects) }
            try audience.queried(content, first, count, tail, by: rank, effects: &effects)
        case .request(let content, let piece, let run, let request, let offer):
            guard run == 1 else { throw .malformed }
            dispatch.answered(offer, by: rank, now: now)
            dispatch.requested(
                content, piece, request, by: rank, offer: offer, isOpen: isOpen, now: now,
                effects: &effects)
        case .cancel(_, let request): dispatch.cancelled(request, by: rank, &effects)
        case .interested(let content):
            audience.becameInterested(rank, in: content, isOpen: isOpen)
            if let index = audience.index(of: content) {
                audience.tell(.interested(rank, in: audience[index].geometry), &effects)
            }
        case .notInterested(let content):
            audience.lostInterest(rank, in: content)
            if let index = audience.index(of: content) {
                audience.tell(.uninterested(rank, in: audience[index].geometry), &effects)
            }
        case .decline(let content, let offer, let count):
            try dispatch.declined(content, offer, count, tail, by: rank, now: now)
        case .tableRequest(let content, let first, let count):
            try audience.tableRequested(content, first, count, by: rank, effects: &effects)
        case .holdingQuery(let content, let first):
            try audience.holdingAsked(content, first, by: rank, isAway: isAway, &effects)
        }
    }

    private func maySayTheEnd(_ tracker: Rank) -> Bool {
        tracker == rules.tracker || rules.trackers.contains(tracker)
            || tracker <= rank && rules.heirs.contains(tracker)
    }

    package mutating func timeout(now: Tick, effects: inout Effects<UploaderEffect>) {
        guard stage != .over else { return }
        isScheduleDue = true
        dispatch.lapseOffers(now: now)
    }

    /// All events of one step are in: announces new pieces, then starts sends and makes offers.
    package mutating func stepEnded(now: Tick, effects: inout Effects<UploaderEffect>) {
        guard isScheduleDue, stage != .over else { return }
        isScheduleDue = false
        audience.announce(&effects)
        linger(now: now, &effects)
        if isOpen { dispatch.reviewChoking(now: now, &effects) }
        dispatch.noteSlowSends(now: now)
        dispatch.noteStuckSends(now: now, isServing: stage == .serving, &effects)
        dispatch.startReads(&effects)
        dispatch.startSends(now: now, &effects)
        if isOpen { dispatch.makeOffers(now: now, &effects) }
        if stage == .leaving, isDone(now: now) {
            stage = .over
            return effects.append(.ended)
        }
        wake(now: now, &effects)
    }

    /// A read has ended, well or not.
    package mutating func readDone(
        _ ticket: ReadTicket, isGood: Bool, digest: PieceDigest? = nil, now: Tick,
        effects: inout Effects<UploaderEffect>
    ) {
        isScheduleDue = true
        dispatch.readDone(ticket, isGood: isGood, digest: digest, effects: &effects)
    }

    /// The last byte of a payload has left.
    package mutating func payloadSent(_ request: RequestNumber, to rank: Rank, now: Tick) {
        isScheduleDue = true
        dispatch.payloadSent(request, to: rank, now: now)
    }

    mutating func leave(_ effects: inout Effects<UploaderEffect>) {
        guard stage == .serving else { return }
        stage = .leaving
        dispatch.dismissAll(&effects)
    }

    /// Asks to be woken when something may have to be done without an event.
    private func wake(now: Tick, _ effects: inout Effects<UploaderEffect>) {
        // A rank that is away or leaves does not review its choking, so its next review would never
        // come.
        var next = isOpen ? audience.choker.nextReview : .never
        next = dispatch.nextDeadline(before: next, now: now)
        if stage == .serving, let end = lingerEnd { next = min(next, end) }
        if let endsBy { next = min(next, endsBy) }
        guard next != .never else { return }
        effects.append(.wake(at: max(next, now)))
    }

    package func checkInvariants() { dispatch.checkInvariants() }
}
