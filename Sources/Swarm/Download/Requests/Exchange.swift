import Vocabulary
import Wire

/// The transfers, the requests for their pieces, and the outcomes of those requests.
///
/// It returns the transfer that got a piece, and its owner acts on that. Invariant: a piece is in
/// flight exactly while a request for it is under way, and a source's outstanding requests are
/// those under way to it.
struct Exchange: Sendable {
    let rules: DownloaderRules
    let rank: Rank
    let patience: Patience
    var transfers: TransferTable
    var requests = RequestTable()
    var bids = BidTable()
    var journal: Journal
    /// The number of bad pieces of each source.
    var badPieces: [Rank: Int] = [:]
    var chance: Chance

    init(_ rules: DownloaderRules, rank: Rank, wants: [RelativePath]) {
        self.rules = rules
        self.rank = rank
        patience = Patience(rules)
        transfers = TransferTable(wants: wants)
        journal = Journal(rules, wanted: wants.count)
        chance = Chance(seed: rules.seed &+ UInt64(rank.raw) &* 0xD134_2543_DE82_EF95)
    }

    /// Asks sources in turn, one piece each, while there is room.
    mutating func fill(
        _ index: TransferIndex, now: Tick, effects: inout Effects<DownloaderEffect>
    ) {
        // While pieces are scarce, nothing is queued most of the time.
        guard rules.hasEndgame || transfers[index].board.queued.count > 0 else { return }
        if case .roundRobin = rules.picker, !transfers[index].pace.asksDirectly {
            askByTurns(index, now: now, effects: &effects)
            guard transfers[index].board.queued.count == 0 else { return }
        }
        // Sources without a piece to request are tried again only after another one was asked.
        var refusals = 0
        while refusals < transfers[index].sources.count,
            requests.count < requestsMax(index),
            let place = transfers[index].nextToAsk(now: now)
        {
            journal.work.own.picks += 1
            guard let piece = choose(index, place, now: now) else {
                refusals += 1
                journal.noteFailedPick()
                continue
            }
            refusals = 0
            ask(index, piece, source: place, offer: 0, now: now, &effects)
        }
        wakeForLastPieces(index, now: now, &effects)
    }

    /// Asks the source to which each piece falls. One search serves all sources, because a search
    /// for each of them would be most of a rank's work.
    private mutating func askByTurns(
        _ index: TransferIndex, now: Tick, effects: inout Effects<DownloaderEffect>
    ) {
        while hasBuffer(for: index), requests.mayAskAny(transfers[index].sources, index, now: now) {
            journal.work.own.picks += 1
            let turn = RoundRobin.next(
                in: transfers[index], now: now,
                where: { requests.mayAsk(transfers[index].sources[$0], for: index, now: now) })
            guard let (place, piece) = turn else { return journal.noteFailedPick() }
            ask(index, piece, source: place, offer: 0, now: now, &effects)
        }
    }

    func requestsMax(_ index: TransferIndex) -> Int { rules.requestsMax(transfers[index].geometry) }

    func hasBuffer(for index: TransferIndex) -> Bool { requests.count < requestsMax(index) }

    private mutating func choose(
        _ index: TransferIndex, _ place: SourceIndex, now: Tick
    ) -> PieceIndex? {
        if requests.owesEnough(index, transfers[index].sources[place]) { return nil }
        if transfers[index].board.queued.isEmpty { return lastPiece(index, place, now: now) }
        return rules.picker.piece(
            for: place, in: &transfers[index], now: now, chance: &chance)
    }

    mutating func ask(
        _ index: TransferIndex, _ piece: PieceIndex, source: SourceIndex, offer: UInt32,
        now: Tick, _ effects: inout Effects<DownloaderEffect>
    ) {
        guard let content = transfers[index].content, let geometry = transfers[index].geometry
        else { return }
        let rank = transfers[index].sources[source].rank
        if transfers[index].board.queued.contains(piece) {
            transfers[index].board.took(piece)
            if requests.isLateSomewhere(index, piece) { journal.branches.steals += 1 }
        } else {
            journal.branches.endgames += 1
        }
        if transfers[index].sources[source].stance == .offering, offer == 0 {
            journal.branches.directRequests += 1
        }
        transfers[index].sources[source].outstanding += 1
        transfers[index].sources[source].asked += 1
        let request = requests.add(
            piece, of: index, from: rank, now: now, isOffered: offer != 0)
        effects.append(.wake(at: deadline(of: request)))
        if geometry.carriesBytes {
            effects.append(
                .lend(request.number, from: rank, byteCount: geometry.size(of: piece)))
        }
        let message = UploadMessage.request(
            content, piece: piece.raw, run: 1, request: request.number, offer: offer)
        effects.append(.send(.upload(message), .none, to: rank))
    }

    /// Handles an acknowledgement. Returns the transfer whose piece came with it, as labels do.
    mutating func acknowledged(
        _ piece: UInt32, _ number: RequestNumber, _ digest: PieceDigest?, from source: Rank,
        now: Tick, effects: inout Effects<DownloaderEffect>
    ) -> TransferIndex? {
        guard let row = requests.row(of: number, for: piece, from: source),
            requests[row].acknowledgedAt == nil
        else { return nil }
        let index = requests[row].transfer
        requests[row].acknowledgedAt = now
        requests[row].digest = digest
        if let place = transfers[index].sources.place(of: source) {
            transfers[index].sources[place].acknowledged(after: now - requests[row].sentAt)
        }
        guard transfers[index].geometry?.carriesBytes == false else {
            keepIfWhole(row, now: now, &effects)
            return nil
        }
        let request = requests.remove(at: row)
        return pieceIsHere(request, now: now, effects: &effects) ? index : nil
    }

    /// Handles the payload of a request, which is in its buffer.
    mutating func payloadArrived(
        _ number: RequestNumber, byteCount: Int, now: Tick,
        effects: inout Effects<DownloaderEffect>
    ) {
        guard let row = requests.row(of: number) else {
            return effects.append(.discard(number))
        }
        // The request was refused or given up, and its payload arrives without a promise: the
        // source may never promise it, and the buffer must not wait for that.
        if requests[row].stage == .withdrawn, requests[row].acknowledgedAt == nil {
            requests.remove(at: row)
            return effects.append(.discard(number))
        }
        requests[row].arrivedCount = byteCount
        keepIfWhole(row, now: now, &effects)
    }

    private mutating func keepIfWhole(
        _ row: RequestIndex, now: Tick, _ effects: inout Effects<DownloaderEffect>
    ) {
        guard let promisedAt = requests[row].acknowledgedAt,
            let count = requests[row].arrivedCount
        else { return }
        noteReceipt(row, since: promisedAt, now: now)
        guard requests[row].stage == .asked || reviveLate(row, &effects) else {
            journal.totals.duplicates += 1
            return effects.append(.discard(requests.remove(at: row).number))
        }
        let request = requests[row]
        guard let content = transfers[request.transfer].content,
            let geometry = transfers[request.transfer].geometry
        else { return }
        guard count == geometry.size(of: request.piece) else {
            requests.remove(at: row)
            effects.append(.discard(request.number))
            return blame(request, &effects)
        }
        if requests.isBeingKept(request) {
            // The other source's bytes are being written already.
            requests.remove(at: row)
            release(request)
            journal.totals.duplicates += 1
            return effects.append(.discard(request.number))
        }
        requests[row].stage = .keeping
        effects.append(
            .keep(request.number, as: request.piece, of: content, digest: request.digest))
    }

    private mutating func noteReceipt(_ row: RequestIndex, since promisedAt: Tick, now: Tick) {
        bids.received(in: now - promisedAt)
        let index = requests[row].transfer
        guard let place = transfers[index].sources.place(of: requests[row].source) else { return }
        let time = transfers[index].sources[place].received(
            since: promisedAt, now: now, windowMax: rules.requestsPerSourceMax)
        transfers[index].pace.timing.note(time)
        transfers[index].pace.looksAgainAt = .zero
        transfers[index].filling = .due
    }

    mutating func refused(
        _ piece: UInt32, _ number: RequestNumber, _ refusal: Refusal, from source: Rank,
        now: Tick, effects: inout Effects<DownloaderEffect>
    ) {
        guard let row = requests.row(of: number), requests[row].source == source,
            requests[row].stage != .keeping
        else { return }
        journal.branches.refusals += 1
        let index = requests[row].transfer
        if let place = transfers[index].sources.place(of: source) {
            transfers[index].sources[place].answered()
            switch refusal {
            case .notHeld, .unreadable:
                transfers[index].noteLost(place, requests[row].piece)
            case .noSuchContent, .shuttingDown: transfers[index].forgetHolds(place)
            case .choked: transfers[index].turn(place, to: .choked)
            case .tooMany:
                transfers[index].sources[place].window = rules.windowMin
                transfers[index].sources[place].snubbedUntil = now + rules.aliveInterval
            case .cancelled, .busy: break
            }
        }
        if requests[row].stage == .asked { free(row) }
        askBack(row, &effects)
    }
}
