package import Vocabulary
package import Wire

/// Which piece from which source, when to give a source up, when a file is complete.
///
///     joining → waiting → running → done → (leaving →) over
///     where users give orders: joining → waiting → running → leaving → away → joining
///
/// Joining lasts until the tracker asks for our list, waiting until it says that all are in;
/// done is when nothing more is wanted or to be had, and we go on serving; leaving when we have
/// asked the tracker to forget us; over when the tracker ended the job or let us go, or when it
/// fell silent and nobody asks us for anything any more. Invariant: a piece is in flight exactly
/// while a request for it is under way.
package struct Downloader: Sendable {
    package enum Stage: Equatable, Sendable {
        case joining, waiting, running, done, leaving, away, over
    }

    /// Its tracker changes when that falls silent and there are others.
    package internal(set) var rules: DownloaderRules
    package let rank: Rank
    var share: Share
    package internal(set) var stage = Stage.joining
    /// The tracker is silent, and nobody will say when the job is over.
    package internal(set) var isAbandoned = false
    /// The uploader was told to go when nobody asks for anything any more.
    var isLingering = false
    /// When something last came that brought us nearer the end.
    var fedAt = Tick.zero
    package internal(set) var transfers: [Transfer] = []
    /// Of payload alone.
    package internal(set) var totals = ReportTotals()
    package internal(set) var manifestTotals = ManifestTotals()
    package internal(set) var branches = RareBranches()
    var requests: [RequestRow] = []
    var nextRequest = RequestNumber(1)
    var transferOfContent = ContentIndex()
    /// Sources whose pieces did not verify, and how often.
    var badPieces: [Rank: Int] = [:]
    /// Contents of which we were a seed and cannot be one again.
    var withdrawn: [ContentID] = []
    /// What first went wrong with our own disk.
    var trouble: String?
    var chance: Chance
    var nextAlive: Tick
    var trackerHeardAt: Tick
    /// The ranks that may track, and which of them are known to be dead.
    var succession: Succession
    var peerCount = 1
    /// Who let us ask when last heard of.
    var openers: [Rank] = []
    var chronicle = Chronicle()
    /// Orders that wait for an answer.
    var desk = OrderDesk()
    var fetched: [FetchedContent] = []
    /// Of what is being fetched, where another tracker may have to be told.
    var manifests: [ContentID: Descriptor] = [:]
    /// Transfers may have to be started, or may all be over.
    var isReviewDue = true

    package init(
        rules: DownloaderRules, rank: Rank, share: Share, now: Tick,
        effects: inout Effects<DownloaderEffect>
    ) {
        self.rules = rules
        self.rank = rank
        self.share = share
        succession = Succession(rules)
        chance = Chance(seed: rules.seed &+ UInt64(rank.raw) &* 0xD134_2543_DE82_EF95)
        nextAlive = now + rules.aliveInterval
        trackerHeardAt = now
        totals.wanted = UInt32(share.wants.count)
        for want in share.wants.indices {
            transfers.append(Transfer(purpose: .want(WantNumber(UInt32(want)))))
        }
        effects.append(.send(.tracker(.join), .none, to: rules.tracker))
        effects.append(.wake(at: nextAlive))
    }

    package mutating func received(
        _ message: DownloadMessage, tail: RawSpan, from source: Rank, now: Tick,
        effects: inout Effects<DownloaderEffect>
    ) throws(WireError) {
        guard stage != .over, try isHeeded(message, from: source, now: now, &effects) else {
            return
        }
        guard try !answered(message, tail, now: now, &effects) else { return }
        switch message {
        case .fileListRequest: sendList(&effects)
        case .joinAck(let peers): admitted(peers: Int(peers), now: now, effects: &effects)
        case .holding(let content, let first, let count, let pieces):
            try holdingCame(content, first, count, of: pieces, tail, from: source, &effects)
        case .aliveAck, .catalog, .listRequest, .order, .roll, .withdrawn, .claim: break
        case .leaveAck: released(from: source, &effects)
        case .swarm(let content, let want, let seeds, let peers):
            var cursor = 0
            let members = try MemberList(reading: tail, seeds: seeds, peers: peers, at: &cursor)
            let rest = try tail.readBytes(tail.byteCount - cursor, &cursor)
            let manifest = rest.isEmpty ? nil : try Descriptor(parsing: rest)
            swarmFound(content, want, members, manifest, now: now, effects: &effects)
        case .swarmUnknown(let want): swarmUnknown(want, now: now, effects: &effects)
        case .swarmLost(let content, _): lost(content, now: now, effects: &effects)
        case .bitfield(let content, let first, let count, let stance):
            try bitfield(content, first, count, stance, tail, from: source, effects: &effects)
        case .have(let content, let count):
            try neighbourGot(content, count, tail, from: source, effects: &effects)
        case .choke: turned(.choked, by: source, now: now, &effects)
        case .unchoke(let offers): unchoked(offers, by: source, now: now, &effects)
        case .offer(let content, let number, let count):
            try offered(
                content, number, count, tail, from: source, now: now, effects: &effects)
        case .ack(let content, let piece, let run, let number):
            guard run == 1 else { throw .malformed }
            let digest = try Self.digest(tail)
            acknowledged(
                content, piece, number, digest, from: source, now: now, effects: &effects)
        case .nack(let content, let piece, let number, let refusal):
            refused(content, piece, number, refusal, from: source, now: now, effects: &effects)
        case .gone: neighbourLeft(source, &effects)
        case .room(let content, let taken, let isGranted):
            settled(content, isGranted, taken: taken, &effects)
        case .seal(let content): try sealed(content, tail, &effects)
        case .publisher(let content, let rank): publisherChanged(content, rank, &effects)
        case .readRest(let content): readRest(of: content, &effects)
        case .table(let content, let first, let count):
            fedAt = now
            try tableCame(content, first, count, tail, from: source, &effects)
        }
    }

    private mutating func unchoked(
        _ offers: Bool, by source: Rank, now: Tick, _ effects: inout Effects<DownloaderEffect>
    ) {
        turned(offers ? .offering : .open, by: source, now: now, &effects)
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
        case .introduced(let rank, let pieces, let content):
            introduced(rank, pieces, content, &effects)
        case .pieceLost(_, let content): pieceLost(of: content, &effects)
        case .dispensable: part(&effects)
        case .stopping: stop(&effects)
        case .ordered(let order): ordered(order, now: now, effects: &effects)
        case .accused(let rank, let complaint): accuse(rank, complaint, &effects)
        case .died(let rank): died(rank, now: now, &effects)
        }
    }

    /// Safe to call early or late.
    package mutating func timeout(now: Tick, effects: inout Effects<DownloaderEffect>) {
        guard stage != .over else { return }
        expireRequests(now: now, effects: &effects)
        lookAgain(now: now)
        guard now >= nextAlive else { return wakeForRequests(now: now, &effects) }
        // A rank that stood still has not heard the tracker meanwhile, which need not have been
        // silent. It is not given more than that time: its heir waits for no rank for ever.
        let gap = now - nextAlive
        if gap >= rules.aliveInterval { trackerHeardAt = min(now, trackerHeardAt + gap) }
        nextAlive = now + rules.aliveInterval
        switch stage {
        case .joining: effects.append(.send(.tracker(.join), .none, to: rules.tracker))
        // Said again by whoever is away, the answer tells that the tracker lives.
        case .leaving, .away:
            effects.append(.send(.tracker(.leave), .none, to: rules.tracker))
            askForEndAgain(&effects)
        case .waiting, .running, .done:
            effects.append(.send(.tracker(.alive), .none, to: rules.tracker))
            askForEndAgain(&effects)
            askSeniors(&effects)
            if rules.reportsProgress { sendProgress(&effects) }
            for index in transfers.indices { askConfirmation(index, &effects) }
        case .over: break
        }
        reviewSolitude(now: now, &effects)
        guard stage != .over else { return }
        refreshStalled(now: now, effects: &effects)
        wakeForRequests(now: now, &effects)
    }

    /// The events of one step are in: ask for what there is room for.
    package mutating func stepEnded(now: Tick, effects: inout Effects<DownloaderEffect>) {
        guard stage == .running else { return }
        if isReviewDue {
            isReviewDue = false
            startTransfers(effects: &effects)
            if !rules.isLive, transfers.allSatisfy(\.isOver) { return wantsAreOver(&effects) }
        }
        for index in transfers.indices where transfers[index].isFillable {
            guard transfers[index].stage == .fetching else { continue }
            transfers[index].isFillable = false
            retract(index, &effects)
            reviewInterest(index, &effects)
            fill(index, now: now, effects: &effects)
            reviewStall(index, &effects)
        }
    }

    package func checkInvariants() {
        for (index, transfer) in transfers.enumerated() {
            transfer.checkInvariants()
            let underWay = requests.filter { $0.transfer == index && $0.isUnderWay }
            let pieces = Set(underWay.map(\.piece))
            precondition(
                pieces.count == transfer.inFlightCount, "requests and pieces in flight differ")
            precondition(
                pieces.allSatisfy { !transfer.have.contains($0) && !transfer.queued.contains($0) },
                "a requested piece is had or queued")
            for piece in pieces {
                let sources = underWay.filter { $0.piece == piece }.map(\.source)
                precondition(sources.count <= 2, "more than two are asked for a piece")
                precondition(Set(sources).count == sources.count, "a source is asked twice")
            }
            for source in transfer.sources {
                let rows = underWay.count { $0.source == source.rank }
                precondition(rows == source.outstanding, "a source's requests drifted")
            }
        }
        precondition(requests.count <= rules.requestsInFlightMax, "too many requests")
    }
}

extension DownloadMessage {
    /// Only a tracker says it: from anybody else it could end a transfer or tell of false sources.
    var isTrackers: Bool {
        switch self {
        case .fileListRequest, .joinAck, .aliveAck, .leaveAck, .catalog, .swarm, .swarmUnknown,
            .swarmLost, .seal, .listRequest, .order, .publisher, .readRest, .room, .roll,
            .withdrawn, .claim:
            true
        case .table, .bitfield, .have, .choke, .unchoke, .offer, .ack, .nack, .gone, .holding:
            false
        }
    }
}

extension RequestRow {
    /// Its piece counts as in flight.
    var isUnderWay: Bool { stage == .asked || stage == .keeping }
}
