package import Vocabulary
package import Wire

/// Membership, catalog and swarms of one group of peers, and the end of the job.
///
///     gathering → running → closing → over
///
/// Gathering lasts until every living peer's list is in; running until every living peer wants
/// nothing more; closing until each has sent its last report. A tracker never carries piece
/// bytes. Invariant: a lost or closed peer is in no swarm.
package struct Tracker {
    package enum Stage: Equatable, Sendable {
        case gathering, running, closing, over
    }

    package let rules: TrackerRules
    package internal(set) var stage = Stage.gathering
    package internal(set) var peers: [PeerRow]
    /// How many peers are at each stage.
    private var stageCounts = [Int](repeating: 0, count: PeerRow.Stage.allCases.count)
    /// Messages that no honest peer sends at that moment.
    package internal(set) var violations = 0
    /// Since when a peer's bad input has been waiting for others'.
    var refusedSince: Tick?
    var catalog = Catalog()
    var rooms: RoomBook
    var chance: Chance

    package init(rules: TrackerRules, now: Tick, effects: inout Effects<TrackerEffect>) {
        self.rules = rules
        chance = Chance(seed: rules.seed)
        rooms = RoomBook(rules.roomGroups, contentCount: rules.roomContentCount)
        peers = (0..<rules.peerCount).map {
            PeerRow(
                rank: Rank(rules.firstPeer.raw + Int32($0)), leaseEnd: now + rules.lease)
        }
        stageCounts[PeerRow.Stage.absent.rawValue] = rules.peerCount
        effects.append(.wake(at: now + rules.lease))
        if !rules.isBatch { stage = .running }
        advance(now: now, effects: &effects)
    }

    package mutating func received(
        _ message: TrackerMessage, tail: RawSpan, from rank: Rank, now: Tick,
        effects: inout Effects<TrackerEffect>
    ) throws(WireError) {
        guard rules.contains(rank) else { throw .malformed }
        let index = Int(rank.raw - rules.firstPeer.raw)
        renewLease(of: index, by: message, now: now, effects: &effects)
        // A closed account stays closed. Only a goodbye is answered, as often as it is said.
        // Where peers come and go, who has gone may come again.
        if peers[index].stage == .closed, message == .join, !rules.isBatch {
            beginAnew(index)
        }
        guard peers[index].stage != .closed || message == .leave else { return }
        switch message {
        case .join: joined(index, effects: &effects)
        case .fileList(let page, let entries, let isLast):
            try listed(index, tail, entries, page: page, isLast: isLast)
        case .fileListUpdate(_, let entries, _): try updated(index, tail, entries, &effects)
        case .prepared(let readiness):
            try prepared(index, readiness, tail, now: now, effects: &effects)
        case .alive: send(.aliveAck, to: index, &effects)
        case .report(let page, let entries, let isLast, let isFinal):
            try reported(index, tail, entries, page: page, isOver: isLast && isFinal)
        case .leave: left(index, effects: &effects)
        case .catalogRequest(let from): sendCatalog(from: from, to: index, &effects)
        case .swarmRequest(let content, let want, let selector, let needsManifest):
            try swarmRequested(
                index, content, want, selector, needsManifest, tail: tail, effects: &effects)
        case .peerUpdate(let content, _): progressed(index, content)
        case .stalled(let content, let missing, let fingerprint):
            stalled(index, content, missing, fingerprint, now: now)
        case .fileCompleted(let content): completed(index, content)
        case .allFilesCompleted:
            finished(index)
            needsNoRoom(index, &effects)
        case .gaveUp(let content): gaveUp(index, content, &effects)
        case .measured(let content, let needed, let available):
            try measured(
                index, content, needed: needed, available: available, tail, &effects)
        case .survey, .listing, .leftOut: violations += 1
        case .rollRequest(let from): sendRoll(from: from, to: index, &effects)
        case .shutdown: shutDown(&effects)
        case .seal(let content): try sealed(content, tail, effects: &effects)
        case .publishes(let content):
            catalog.change(content) { $0.published(by: peers[index].rank) }
        case .standsBy(let content):
            catalog.change(content) { $0.standsBy(peers[index].rank) }
        }
        advance(now: now, effects: &effects)
    }

    /// Another life: nothing of what it wanted, did or reported in the last one counts.
    private mutating func beginAnew(_ index: Int) {
        move(index, to: .absent)
        peers[index] = PeerRow(rank: peers[index].rank, leaseEnd: peers[index].leaseEnd)
    }

    mutating func move(_ index: Int, to stage: PeerRow.Stage) {
        stageCounts[peers[index].stage.rawValue] -= 1
        stageCounts[stage.rawValue] += 1
        peers[index].stage = stage
    }

    func count(_ stages: PeerRow.Stage...) -> Int {
        stages.reduce(0) { $0 + stageCounts[$1.rawValue] }
    }

    /// Safe to call early or late.
    package mutating func timeout(now: Tick, effects: inout Effects<TrackerEffect>) {
        guard stage != .over else { return }
        expireLeases(now: now, effects: &effects)
        declareLosses(now: now, effects: &effects)
        advance(now: now, effects: &effects)
        // A quarter of a lease is fine enough: nobody is lost by being declared lost a bit later.
        effects.append(.wake(at: now + rules.lease / 4))
    }

    func send(_ message: DownloadMessage, to index: Int, _ effects: inout Effects<TrackerEffect>) {
        effects.append(.send(.download(message), .none, to: peers[index].rank))
    }

    /// Whether every rank has joined once, as far as it ever will.
    package var isEverybodyThere: Bool { count(.absent, .listing, .refused) == 0 }

    /// The input that ends the job, if one does: the lowest rank's.
    package var refusal: PeerRow? {
        refusedSince == nil ? nil : peers.first { !$0.refusal.isEmpty }
    }

    package func checkInvariants() {
        catalog.checkInvariants()
        rooms.checkInvariants()
        for stage in PeerRow.Stage.allCases {
            precondition(count(stage) == peers.count { $0.stage == stage }, "a count drifted")
        }
        for row in catalog.swarms {
            for member in row.members {
                let peer = peers[Int(member.rank.raw - rules.firstPeer.raw)]
                precondition(!peer.isGone, "a lost or closed peer is still in a swarm")
            }
        }
    }
}
