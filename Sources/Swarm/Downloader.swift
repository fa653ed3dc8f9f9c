package import Vocabulary
package import Wire

/// Which piece from which source, when to give a source up, when a file is complete.
///
///     joining → waiting → running → done → over
///
/// Joining lasts until the tracker asks for our list, waiting until it says that all are in;
/// done is when nothing more is wanted or to be had, and we go on serving; over when the
/// tracker ended the job, or fell silent. Invariant: every request under way belongs to a
/// transfer that counts it as in flight, unless its buffer was asked back.
package struct Downloader: Sendable {
    package enum Stage: Equatable, Sendable {
        case joining, waiting, running, done, over
    }

    package let rules: DownloaderRules
    package let rank: Rank
    let share: Share
    package internal(set) var stage = Stage.joining
    package internal(set) var transfers: [Transfer] = []
    package internal(set) var totals = ReportTotals()
    var requests: [RequestRow] = []
    var nextRequest = RequestNumber(1)
    var transferOfContent: [ContentID: Int] = [:]
    var nextAlive: Tick
    var trackerHeardAt: Tick
    var peerCount = 1

    package init(
        rules: DownloaderRules, rank: Rank, share: Share, now: Tick,
        effects: inout Effects<DownloaderEffect>
    ) {
        self.rules = rules
        self.rank = rank
        self.share = share
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
        guard stage != .over else { return }
        if source == rules.tracker { trackerHeardAt = now }
        switch message {
        case .fileListRequest: sendList(&effects)
        case .joinAck(let peers): admitted(peers: Int(peers), now: now, effects: &effects)
        case .aliveAck, .leaveAck, .catalog: break
        case .swarm(let content, let want, let seeds, let peers):
            var cursor = 0
            let members = try MemberList(reading: tail, seeds: seeds, peers: peers, at: &cursor)
            let rest = try tail.readBytes(tail.byteCount - cursor, &cursor)
            let manifest = rest.isEmpty ? nil : try Descriptor(parsing: rest)
            swarmFound(content, want, members, manifest, now: now, effects: &effects)
        case .swarmUnknown(let want): swarmUnknown(want, now: now, effects: &effects)
        case .swarmLost(let content, _): lost(content, now: now, effects: &effects)
        case .bitfield(let content, let first, let count, _):
            try bitfield(content, first, count, tail, from: source, effects: &effects)
        case .have(let content, let count):
            try neighbourGot(content, count, tail, from: source, effects: &effects)
        case .ack(let content, let piece, let run, let number):
            guard run == 1 else { throw .malformed }
            acknowledged(content, piece, number, from: source, now: now, effects: &effects)
        case .nack(let content, let piece, let number, let refusal):
            refused(content, piece, number, refusal, from: source, now: now, effects: &effects)
        case .choke, .unchoke: break
        // Nobody offers to a downloader that asks by requests, and nothing here is unsealed.
        case .seal, .table, .offer: throw .malformed
        }
    }

    package mutating func noted(
        _ note: DownloaderNote, now: Tick, effects: inout Effects<DownloaderEffect>
    ) {
        switch note {
        case .introduced(let rank, let pieces, let content):
            guard let index = transferOfContent[content], let geometry = transfers[index].geometry,
                pieces.capacity == geometry.pieceCount
            else { return }
            transfers[index].noteSource(rank, holds: pieces)
        case .stopping: leave(&effects)
        }
    }

    /// Safe to call early or late.
    package mutating func timeout(now: Tick, effects: inout Effects<DownloaderEffect>) {
        guard stage != .over, now >= nextAlive else { return }
        nextAlive = now + rules.aliveInterval
        effects.append(.wake(at: nextAlive))
        let message: TrackerMessage = stage == .joining ? .join : .alive
        effects.append(.send(.tracker(message), .none, to: rules.tracker))
        if now - trackerHeardAt >= rules.lease * 2 { return abandon(&effects) }
        expireRequests(now: now, effects: &effects)
        refreshStalled(now: now, effects: &effects)
    }

    /// The events of one step are in: ask for what there is room for.
    package mutating func stepEnded(now: Tick, effects: inout Effects<DownloaderEffect>) {
        guard stage == .running else { return }
        startTransfers(effects: &effects)
        for index in transfers.indices where transfers[index].stage == .fetching {
            fill(index, now: now, effects: &effects)
        }
        if transfers.allSatisfy(\.isOver) { wantsAreOver(&effects) }
    }

    package func checkInvariants() {
        for (index, transfer) in transfers.enumerated() {
            transfer.checkInvariants()
            let underWay = requests.count { $0.transfer == index && $0.stage != .withdrawn }
            precondition(underWay == transfer.inFlightCount, "requests and pieces in flight differ")
        }
        precondition(requests.count <= rules.requestsInFlightMax, "too many requests")
    }
}
