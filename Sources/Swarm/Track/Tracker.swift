package import Vocabulary
package import Wire

/// The tracker of one group of peers: it keeps their membership, the catalog and the swarms, and
/// ends the job.
///
///     gathering → running → closing → over
///
/// Gathering lasts until the list of every living peer is in, running until every living peer wants
/// nothing more, and closing until each has sent its last report. A tracker never carries piece
/// bytes. Invariant: a lost or closed peer is in no swarm.
package struct Tracker {
    package enum Stage: Equatable, Sendable {
        case gathering, running, closing, over
    }

    package let rules: TrackerRules
    package internal(set) var stage = Stage.gathering
    /// The peers of this group.
    package internal(set) var peers: [PeerRow]
    /// The row of each rank, by its distance from the job's first peer; -1 for other groups' ranks.
    private var places: [Int32]
    /// The lowest rank that begins in another group; nil where there is none.
    let lowestElsewhere: Rank?
    /// The number of peers at each stage, by raw value.
    private var stageCounts = [Int](repeating: 0, count: PeerRow.Stage.allCases.count)
    /// Messages that an honest peer would not have sent at that moment.
    package internal(set) var violations = 0
    private let begunAt: Tick
    /// Ranks whose death is certain.
    var dead: [Rank] = []
    /// The time of the first report of bad input. Other peers get a moment to report theirs.
    var refusedSince: Tick?
    /// The first disagreement of owners, where that ends the job before it begins.
    package internal(set) var disagreement: (name: RelativePath, owners: [Rank])?
    var catalog = Catalog()
    var rooms: RoomBook
    var chance: Chance
    /// Nil in a job with a single tracker.
    var overlay: Overlay?
    var groups: Groups?
    /// The rows of the peers that want each name; used only where there are several trackers.
    var wanters: [RelativePath: [Int]] = [:]
    /// The catalogs and peers of other groups, as their trackers last reported them.
    var remoteCatalog = RemoteCatalog()
    var remotePeers = RemotePeerList()
    /// Catalogs that peers are reading page by page, by row.
    var listings: [Int: [CatalogEntry]] = [:]
    /// Contents for which the other groups are being asked whether any peer still has them. Those
    /// in `doubts` have to be asked for again, because the answers under way may be outdated.
    var withdrawals: [ContentID] = []
    var doubts: [ContentID] = []
    /// Answers that other trackers have had from this one may be outdated.
    var hasChanged = false
    /// A user asked for the end of the job.
    var isEndWanted = false
    /// Roles that peers claim for contents which no group has described yet.
    var claims: [ContentID: [Claim]] = [:]
    var claimCount = 0

    package init(rules: TrackerRules, now: Tick, effects: inout Effects<TrackerEffect>) {
        self.rules = rules
        begunAt = now
        dead = rules.inheritance?.dead ?? []
        chance = Chance(seed: rules.seed)
        rooms = RoomBook(rules.roomGroups, contentCount: rules.roomContentCount)
        let patience = rules.inheritance == nil ? 1 : Inheritance.leases
        peers = rules.group.map { PeerRow(rank: $0, leaseEnd: now + rules.lease * patience) }
        places = [Int32](repeating: -1, count: rules.peerCount)
        for (index, rank) in rules.group.enumerated() {
            places[Int(rank.raw - rules.firstPeer.raw)] = Int32(index)
        }
        lowestElsewhere = places.firstIndex(of: -1).map {
            Rank(rules.firstPeer.raw + Int32($0))
        }
        stageCounts[PeerRow.Stage.absent.rawValue] = rules.group.count
        for rank in rules.inheritance?.lost ?? [] where rules.contains(rank) {
            if let index = place(of: rank) { move(index, to: .lost) }
        }
        effects.append(.wake(at: now + rules.lease / 4))
        if let overlayRules = rules.overlay {
            overlay = Overlay(rules: overlayRules, own: rules.rank)
            groups = Groups(rules: rules, overlayRules, now: now)
        }
        for rank in rules.unordered {
            if let index = place(of: rank) { lose(index, &effects) }
        }
        if !rules.isBatch { stage = .running }
        advance(now: now, effects: &effects)
    }

    package mutating func received(
        _ message: TrackerMessage, tail: RawSpan, from rank: Rank, now: Tick,
        effects: inout Effects<TrackerEffect>
    ) throws(WireError) {
        guard rules.contains(rank) else { throw .malformed }
        guard let index = sender(rank, of: message, now: now, effects: &effects) else { return }
        switch message {
        case .join: joined(index, effects: &effects)
        case .fileList(let page, let entries, let isLast):
            try listed(index, tail, entries, page, isLast: isLast, now: now, &effects)
        case .fileListUpdate(_, let entries, _):
            try updated(index, tail, entries, now: now, &effects)
        case .prepared(let readiness):
            try prepared(index, readiness, tail, now: now, effects: &effects)
        case .alive: send(.aliveAck, to: index, &effects)
        case .report(let page, let entries, let isLast, let isFinal):
            try reported(index, tail, entries, page: page, isOver: isLast && isFinal)
        case .leave: left(index, effects: &effects)
        case .catalogRequest(let from):
            catalogRequested(from: from, by: index, now: now, effects: &effects)
        case .swarmRequest(let content, let want, let selector, let needsManifest):
            try swarmRequested(
                index, content, want, selector, needsManifest, tail: tail, now: now,
                effects: &effects)
        case .peerUpdate(let content, _): progressed(index, content)
        case .stalled(let content, _, _, _): stalled(index, content, message, now: now, &effects)
        case .fileCompleted(let content): completed(index, content, now: now, &effects)
        case .allFilesCompleted:
            finished(index)
            releaseRoom(index, &effects)
        case .gaveUp(let content): gaveUp(index, content, &effects)
        case .measured(let content, let needed, let available):
            try measured(
                index, content, needed: needed, available: available, tail, &effects)
        case .survey, .listing, .leftOut, .claimed: violations += 1
        case .rollRequest(let content, let from):
            rollRequested(of: content, from: from, by: index, now: now, effects: &effects)
        case .shutdown: shutDown(&effects)
        case .looked: looked(index, &effects)
        case .accused(let offender, let why): accused(offender, why, by: rank, &effects)
        case .seal(let content): try sealed(index, content, tail, now: now, effects: &effects)
        case .publishes(let content): apply(.publisher, content, index, now: now, &effects)
        case .cannotPublish(let content): apply(.noPublisher, content, index, now: now, &effects)
        case .standsBy(let content): apply(.reader, content, index, now: now, &effects)
        }
        forwardToRoot(message, tail: tail, of: rank, &effects)
        advance(now: now, effects: &effects)
        broadcastChange(&effects)
    }

    /// The row of the peer that sent the message; nil where the message is to be ignored.
    private mutating func sender(
        _ rank: Rank, of message: TrackerMessage, now: Tick,
        effects: inout Effects<TrackerEffect>
    ) -> Int? {
        guard rules.unordered.isEmpty || !rules.unordered.contains(rank) else {
            // Its lease must not be renewed: the job would wait for its list, and it for an order.
            effects.append(
                .send(.download(.order(page: 0, isLast: true)), .none, to: rank))
            return nil
        }
        // A message of a dead rank may arrive after the news of its death.
        guard !dead.contains(rank) else { return nil }
        guard let index = place(of: rank) ?? adopt(rank, message, now: now),
            !peers[index].isExpelled
        else { return nil }
        renewLease(of: index, by: message, now: now, effects: &effects)
        // A closed account stays closed, except where peers may come back. Every `leave` is
        // answered, and the user of a rank that has left may still end the job.
        if peers[index].stage == .closed, message == .join, !rules.isBatch {
            restart(index)
        }
        let isHeard = message == .leave || message == .shutdown && rules.staysOpen
        return peers[index].stage != .closed || isHeard ? index : nil
    }

    func place(of rank: Rank) -> Int? {
        let index = places[Int(rank.raw - rules.firstPeer.raw)]
        return index < 0 ? nil : Int(index)
    }

    /// A peer of another group that joins here has lost its own tracker.
    private mutating func adopt(_ rank: Rank, _ message: TrackerMessage, now: Tick) -> Int? {
        guard overlay != nil, message == .join || message == .leave && !rules.isBatch else {
            return nil
        }
        places[Int(rank.raw - rules.firstPeer.raw)] = Int32(peers.count)
        stageCounts[PeerRow.Stage.absent.rawValue] += 1
        peers.append(PeerRow(rank: rank, leaseEnd: now + rules.lease))
        return peers.count - 1
    }

    /// An heir that no other rank joins may itself be the one that is cut off. It goes on alone
    /// only after a few leases, which give the network time to recover, or when the death of all
    /// others is certain.
    func isForsaken(now: Tick) -> Bool {
        guard rules.inheritance != nil, now < begunAt + rules.lease * rules.forsakenLeases
        else { return false }
        let others = peers.filter { $0.rank != rules.rank && !dead.contains($0.rank) }
        return !others.isEmpty && others.allSatisfy { $0.stage == .absent || $0.isGone }
    }

    /// A rank that comes back starts from nothing: its former wants and reports do not count.
    private mutating func restart(_ index: Int) {
        move(index, to: .absent)
        peers[index] = PeerRow(rank: peers[index].rank, leaseEnd: peers[index].leaseEnd)
    }

    mutating func move(_ index: Int, to stage: PeerRow.Stage) {
        stageCounts[peers[index].stage.rawValue] -= 1
        stageCounts[stage.rawValue] += 1
        peers[index].stage = stage
        hasChanged = true
        if peers[index].isGone { listings[index] = nil }
    }

    func count(_ stages: PeerRow.Stage...) -> Int {
        stages.reduce(0) { $0 + stageCounts[$1.rawValue] }
    }

    /// Safe to call early or late.
    package mutating func timeout(now: Tick, effects: inout Effects<TrackerEffect>) {
        guard stage != .over else { return }
        expireLeases(now: now, effects: &effects)
        timeoutGroups(now: now, effects: &effects)
        declareLosses(now: now, effects: &effects)
        forgetAbandoned(now: now)
        advance(now: now, effects: &effects)
        broadcastChange(&effects)
        // A quarter of a lease is fine enough: a lost peer may be declared lost a little late.
        effects.append(.wake(at: now + rules.lease / 4))
    }

    /// This process was stopped for `gap`, so the silence of the others in that time proves
    /// nothing: their messages are still in the queue.
    package mutating func stoodStill(for gap: Duration) {
        for index in peers.indices { peers[index].leaseEnd = peers[index].leaseEnd + gap }
        groups?.excuse(gap)
        overlay?.excuse(gap)
    }

    func send(_ message: DownloadMessage, to index: Int, _ effects: inout Effects<TrackerEffect>) {
        effects.append(.send(.download(message), .none, to: peers[index].rank))
    }

    /// Whether every rank has joined at least once or is gone, and no bad input ends the job.
    package var allRanksJoined: Bool {
        // Bad input ends the job, and ranks that have left because of it are not there.
        guard stage == .running, refusedSince == nil else { return false }
        guard let groups else { return count(.absent, .listing, .refused) == 0 }
        return groups.accounts.allSatisfy { account in
            if let index = place(of: account.rank) { return peers[index].stage.isIn }
            return account.isListed || account.isGone
        }
    }

    /// Whether every living rank has also announced the files that its folders held at first.
    package var allRanksLooked: Bool { allRanksJoined && lookingRanks.isEmpty }

    /// The living ranks that have not yet announced the files of their folders.
    package var lookingRanks: [Rank] {
        let all = groups?.accounts.map { account in
            place(of: account.rank).map { peers[$0] } ?? account
        }
        return (all ?? peers).filter { !$0.isGone && !$0.hasLooked }.map(\.rank)
    }

    /// Whether another tracker's answer may come at any moment, so that a long wait costs time.
    package func isExpecting(now: Tick) -> Bool { overlay?.isExpecting(now: now) ?? false }

    /// The bad input that ends the job: the one of the lowest rank.
    package var refusal: PeerRow? {
        refusedSince == nil ? nil : accounts.first { !$0.refusal.isEmpty }
    }

    package func checkInvariants() {
        catalog.checkInvariants()
        rooms.checkInvariants()
        for stage in PeerRow.Stage.allCases {
            precondition(count(stage) == peers.count { $0.stage == stage }, "a count drifted")
        }
        for row in catalog.swarms {
            for member in row.members {
                let isHere = place(of: member.rank).map { !peers[$0].isGone } ?? false
                precondition(isHere, "a lost or closed peer is still in a swarm")
            }
        }
        overlay?.checkInvariants()
    }
}
