package import Vocabulary
package import Wire

/// Decides which piece to request from which source, when to give a source up, and when a file is
/// complete.
///
///     joining → waiting → running → done → over
///     where users give orders: joining → waiting → running → leaving → away → joining
///
/// Joining lasts until the tracker asks for the file list, waiting until the tracker has let this
/// rank in. The rank is done when it wants nothing more, or can get nothing more, and continues to
/// serve. It is leaving once it has sent `leave`. It is over when the tracker has ended the job, or
/// when the tracker is silent and no rank requests anything from this one any more.
///
/// The downloader routes events to the parts that own the state, and itself moves from one stage to
/// the next, which concerns several parts. Invariant: the journal is closed exactly when the stage
/// is over.
package struct Downloader: Sendable {
    package enum Stage: Equatable, Sendable {
        case joining, waiting, running, done, leaving, away, over
    }

    package let rules: DownloaderRules
    package let rank: Rank
    var session: Session
    var fetching: Fetching
    /// Orders that wait for an answer.
    var orders = OrderBook()
    /// The reason why this rank cannot take part, such as bad input.
    let refusal: String?

    package init(
        rules: DownloaderRules, rank: Rank, share: Share, now: Tick,
        effects: inout Effects<DownloaderEffect>
    ) {
        self.rules = rules
        self.rank = rank
        refusal = share.refusal
        session = Session(rules, rank: rank, now: now)
        fetching = Fetching(rules, rank: rank, share: share)
        fetching.journal.report(.join, &effects)
        effects.append(.wake(at: session.nextAlive))
    }

    package var stage: Stage { session.stage }
    /// Whether the tracker is silent, and no rank will report the end of the job.
    package var isAbandoned: Bool { session.isAbandoned }
    package var tracker: Rank { fetching.journal.tracker }
    package var totals: ReportTotals { fetching.journal.totals }
    package var manifestTotals: ManifestTotals { fetching.journal.manifestTotals }
    package var branches: RareBranches { fetching.journal.branches }
    /// The work of the thread of this downloader, which counts it.
    package var work: WorkTotals {
        _read { yield fetching.journal.work.own }
        _modify { yield &fetching.journal.work.own }
    }
    /// Whether the content of each want that it looks for is known.
    package var hasIdentified: Bool {
        let rows = fetching.transfers.rows
        return !rows.isEmpty && rows.allSatisfy { $0.content != nil }
    }

    package mutating func received(
        _ message: DownloadMessage, tail: RawSpan, from source: Rank, now: Tick,
        effects: inout Effects<DownloaderEffect>
    ) throws(WireError) {
        guard stage != .over,
            try session.isHeeded(message, from: source, now: now, &fetching.journal, &effects)
        else { return }
        switch message {
        case .fileListRequest, .joinAck, .leaveAck, .catalog, .roll, .swarm, .swarmUnknown,
            .swarmLost, .room, .seal, .publisher, .readRest, .withdrawn:
            try trackerSaid(message, tail, from: source, now: now, &effects)
        case .aliveAck, .listRequest, .order, .claim: break
        case .bitfield(let content, let first, let count, let stance):
            try fetching.sourcing.bitfield(
                content, first, count, stance, tail, from: source, effects: &effects)
        case .have(let content, let count):
            let isOwned = rules.tellsHappenings && fetching.inventory.owns(content)
            try fetching.sourcing.neighbourGot(
                content, count, tail, from: source, isOwned: isOwned, effects: &effects)
        case .choke: fetching.sourcing.turned(.choked, by: source, now: now, &effects)
        case .unchoke(let offers): unchoked(offers, by: source, now: now, &effects)
        case .offer(let content, let number, let count, let places):
            try fetching.exchange.offered(
                content, number, count, places: places, tail, from: source, now: now,
                effects: &effects)
        case .offerWithdrawn(let content, let number):
            fetching.exchange.bids.withdraw(number, of: content, by: source)
        case .ack(_, let piece, let run, let number):
            guard run == 1 else { throw .malformed }
            let digest = try Self.digest(tail)
            fetching.acknowledged(piece, number, digest, from: source, now: now, &effects)
        case .nack(_, let piece, let number, let refusal):
            fetching.exchange.refused(
                piece, number, refusal, from: source, now: now, effects: &effects)
        case .gone: fetching.sourcing.neighbourLeft(source, &effects)
        case .holding(let content, let first, let count, let pieces):
            try orders.holdingCame(content, first, count, of: pieces, tail, from: source, &effects)
        case .table(let content, let first, let count):
            fetching.journal.fedAt = now
            try fetching.completion.tableCame(content, first, count, tail, from: source, &effects)
        }
    }

    private mutating func trackerSaid(
        _ message: DownloadMessage, _ tail: RawSpan, from source: Rank, now: Tick,
        _ effects: inout Effects<DownloaderEffect>
    ) throws(WireError) {
        switch message {
        case .fileListRequest: sendList(&effects)
        case .joinAck(let peers): admitted(peers: Int(peers), now: now, effects: &effects)
        case .leaveAck: released(from: source, &effects)
        case .catalog(let from, let count, let isLast):
            let journal = fetching.journal
            if try orders.catalogCame(from, count, isLast: isLast, tail, journal, &effects) {
                askLists(&effects)
            }
        case .roll(let from, let count, let isLast):
            let journal = fetching.journal
            if try orders.rollCame(from, count, isLast: isLast, tail, journal, &effects) {
                askLists(&effects)
            }
        case .swarm(let content, let want, let seeds, let peers):
            var cursor = 0
            let members = try MemberList(reading: tail, seeds: seeds, peers: peers, at: &cursor)
            let rest = try tail.readBytes(tail.byteCount - cursor, &cursor)
            let manifest = rest.isEmpty ? nil : try Descriptor(parsing: rest)
            fetching.swarmFound(content, want, members, manifest, &effects)
        case .swarmUnknown(let want): fetching.swarmUnknown(want, &effects)
        case .swarmLost(let content, _): fetching.lost(content, &effects)
        case .room(let content, let taken, let isGranted):
            fetching.settled(content, isGranted, taken: taken, &effects)
        case .seal(let content): try fetching.completion.sealed(content, tail, &effects)
        case .publisher(let content, let rank):
            fetching.completion.publisherChanged(content, rank, &effects)
        case .readRest(let content): fetching.completion.readRest(of: content, &effects)
        case .withdrawn(let content): fetching.withdrawn(content, &effects)
        case .aliveAck, .listRequest, .order, .claim, .bitfield, .have, .choke, .unchoke, .offer,
            .offerWithdrawn, .ack, .nack, .gone, .holding, .table:
            break
        }
    }

    private mutating func unchoked(
        _ offers: Bool, by source: Rank, now: Tick, _ effects: inout Effects<DownloaderEffect>
    ) {
        fetching.sourcing.turned(
            offers ? .offering : .open, by: source, now: now, &effects)
        if offers { effects.append(.tell(.neighbourOffers(source))) }
    }

    private static func digest(_ tail: RawSpan) throws(WireError) -> PieceDigest? {
        guard tail.byteCount > 0 else { return nil }
        guard tail.byteCount <= PieceDigest.byteCountMax else { throw .malformed }
        return PieceDigest(try tail.readBytes(tail.byteCount))
    }

    package mutating func noted(
        _ note: DownloaderNote, now: Tick, effects: inout Effects<DownloaderEffect>
    ) {
        switch note {
        case .introduced(let rank, let pieces, let content, let isLast):
            fetching.sourcing.introduced(rank, pieces, content, isLast: isLast, &effects)
        case .pieceLost(_, let content):
            fetching.completion.pieceLost(of: content, at: stage, &effects)
        case .stopping: stop(&effects)
        case .collected: if stage != .over { effects.append(.store(.removeSource)) }
        case .ordered(let order): ordered(order, now: now, effects: &effects)
        case .accused(let source, let complaint):
            if source == tracker, complaint == .nonsense { session.missed() }
            if source != rank { fetching.journal.accuse(source, complaint, &effects) }
        case .died(let rank): died(rank, now: now, &effects)
        case .worked(let totals): fetching.journal.work.uploader = totals
        }
    }

    /// Handles a report of the store.
    package mutating func stored(
        _ event: StoreEvent, now: Tick, effects: inout Effects<DownloaderEffect>
    ) {
        guard event != .lookedAgain else { return leave(&effects) }
        fetching.stored(event, at: stage, now: now, effects: &effects)
    }

    /// Handles the payload of a request, which is in its buffer.
    package mutating func payloadArrived(
        _ number: RequestNumber, byteCount: Int, now: Tick,
        effects: inout Effects<DownloaderEffect>
    ) {
        fetching.exchange.payloadArrived(
            number, byteCount: byteCount, now: now, effects: &effects)
    }

    /// Handles the return of a buffer that was withdrawn.
    package mutating func withdrawn(_ number: RequestNumber) {
        fetching.exchange.requests.withdrawn(number)
    }

    /// Handles the passing of time. It is safe to call early or late.
    package mutating func timeout(now: Tick, effects: inout Effects<DownloaderEffect>) {
        guard stage != .over else { return }
        fetching.exchange.expireRequests(now: now, effects: &effects)
        fetching.exchange.lookAgain(now: now)
        guard session.isAliveDue(now: now) else { return wakeForRequests(now: now, &effects) }
        switch stage {
        case .joining: fetching.journal.report(.join, &effects)
        // A rank that is away repeats `leave`: the answer shows that the tracker lives.
        case .leaving, .away:
            fetching.journal.report(.leave, &effects)
            askForEndAgain(&effects)
        case .waiting, .running, .done:
            fetching.journal.report(session.proofOfLife(), &effects)
            askForEndAgain(&effects)
            session.askSeniors(of: tracker, &effects)
            if rules.reportsProgress { fetching.journal.sendProgress(&effects) }
            fetching.completion.askConfirmations(&effects)
        case .over: break
        }
        reviewSolitude(now: now, &effects)
        guard stage != .over else { return }
        if stage == .running { fetching.sourcing.refreshStalled(now: now, effects: &effects) }
        wakeForRequests(now: now, &effects)
    }

    private func wakeForRequests(now: Tick, _ effects: inout Effects<DownloaderEffect>) {
        let next = fetching.exchange.nextDeadline(before: session.nextAlive, now: now)
        effects.append(.wake(at: max(next, now + .milliseconds(1))))
    }

    /// Ends a step, all events of which have been handled: requests as many pieces as there is room
    /// for.
    package mutating func stepEnded(now: Tick, effects: inout Effects<DownloaderEffect>) {
        guard stage == .running else { return }
        if fetching.completion.isReviewDue {
            fetching.completion.isReviewDue = false
            fetching.startTransfers(&effects)
            if !rules.kind.isStanding, fetching.transfers.areOver { return wantsAreOver(&effects) }
        }
        fetching.sourcing.fill(now: now, &effects)
    }

    package func checkInvariants() {
        session.checkInvariants()
        fetching.checkInvariants()
        precondition(
            fetching.journal.isClosed == (stage == .over), "it is over, and goes on reporting")
    }
}

extension DownloadMessage {
    /// Whether only a tracker may send this message: from another rank it could end a transfer or
    /// name false sources.
    var isTrackers: Bool {
        switch self {
        case .fileListRequest, .joinAck, .aliveAck, .leaveAck, .catalog, .swarm, .swarmUnknown,
            .swarmLost, .seal, .listRequest, .order, .publisher, .readRest, .room, .roll,
            .withdrawn, .claim:
            true
        case .table, .bitfield, .have, .choke, .unchoke, .offer, .offerWithdrawn, .ack, .nack,
            .gone, .holding:
            false
        }
    }
}
