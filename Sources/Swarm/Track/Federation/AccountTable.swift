import Vocabulary
import Wire

/// The accounts of the peers of other groups, kept by the root, and for each the tracker that last
/// reported on it. Invariant: there is one account for each peer of the job, in the order of their
/// ranks.
struct AccountTable: Sendable {
    private let rules: TrackerRules
    private(set) var rows: [PeerRow]
    private var reporters: [Rank?]

    init(_ rules: TrackerRules) {
        self.rules = rules
        rows = (0..<rules.peerCount).map {
            PeerRow(rank: Rank(rules.firstPeer.raw + Int32($0)), leaseEnd: .never)
        }
        reporters = [Rank?](repeating: nil, count: rules.peerCount)
    }

    /// The place of a peer's account; nil for a rank that is no peer.
    func place(of rank: Rank) -> Int? {
        rules.contains(rank) ? Int(rank.raw) - Int(rules.firstPeer.raw) : nil
    }

    /// The tracker that last reported on the peer.
    func reporter(of rank: Rank) -> Rank? { place(of: rank).flatMap { reporters[$0] } }

    /// The place of a peer's account; a rank that is no peer has none, which is an error.
    private func account(of rank: Rank) throws(WireError) -> Int {
        guard let place = place(of: rank) else { throw .malformed }
        return place
    }

    /// Notes which tracker has the peer in its group.
    mutating func note(_ tracker: Rank, for peer: Rank) throws(WireError) {
        reporters[try account(of: peer)] = tracker
    }

    /// Whether a report of this tracker about the peer's coming and going counts. A peer that has
    /// moved to another tracker is lost only to the first one.
    func heeds(_ tracker: Rank, about peer: Rank) throws(WireError) -> Bool {
        let reporter = reporters[try account(of: peer)]
        return reporter == nil || reporter == tracker
    }

    /// Notes the wants of a peer, and its own files if the owners have to agree. Returns the number
    /// of entries beyond the limit.
    mutating func listed(
        _ peer: Rank, _ tail: RawSpan, _ count: UInt32, page: UInt32, isLast: Bool,
        by tracker: Rank, _ swarms: inout Swarms
    ) throws(WireError) -> Int {
        let place = try account(of: peer)
        let entries = try FileListEntry.reading(tail, count: count)
        // Two trackers may report one peer at once, and one of them may repeat it.
        guard rows[place].listing.begin(page: page) else { return 0 }
        var leftOver = 0
        for entry in entries {
            switch entry {
            case .wanted(let name):
                guard rows[place].listing.wants.count < rules.entriesPerPeerMax else {
                    leftOver += 1
                    continue
                }
                rows[place].listing.wants.append(name)
            case .owned(let name, let content, let size, let pieces, let manifest):
                guard rules.kind.ownersMustAgree else { throw .malformed }
                var found = FoundSwarm(name: name, size: size, pieces: pieces, lowestOwner: peer)
                found.manifest = manifest
                _ = swarms.learn(found, content, askedFor: nil)
            case .described, .host, .gone, .reading, .notReading: throw .malformed
            }
        }
        reporters[place] = tracker
        rows[place].listing.isComplete = isLast
        rows[place].stage = .listed
        return leftOver
    }

    /// Notes why a peer cannot take part. Returns true for bad input, which ends the job, unless
    /// it is too late for that.
    mutating func prepared(
        _ peer: Rank, _ readiness: Readiness, _ text: String, by tracker: Rank,
        mayRefuse: Bool
    ) throws(WireError) -> Bool {
        let place = try account(of: peer)
        reporters[place] = tracker
        guard readiness == .badInput else {
            rows[place].trouble = text
            return false
        }
        if mayRefuse { rows[place].refusal = text }
        return mayRefuse
    }

    /// Notes a page of a peer's report. Returns the number of entries beyond the limit.
    mutating func reported(
        _ peer: Rank, _ tail: RawSpan, _ count: UInt32, page: UInt32, isLast: Bool,
        by tracker: Rank
    ) throws(WireError) -> Int {
        let place = try account(of: peer)
        let entries = try ReportEntry.reading(tail, count: count)
        reporters[place] = tracker
        if isLast { rows[place].stage = .closed }
        return rows[place].report.add(entries, page: page, atMost: rules.entriesPerPeerMax)
    }

    mutating func changed(
        _ peer: Rank, _ news: PeerNews, by tracker: Rank, isDead: Bool,
        _ effects: inout Effects<TrackerEffect>
    ) throws(WireError) {
        let place = try account(of: peer)
        guard try heeds(tracker, about: peer) else { return }
        if news == .vanished { rows[place].stage = .lost }
        if news == .looked { rows[place].listing.hasLooked = true }
        guard rows[place].stage != .closed else { return }
        switch news {
        case .left: rows[place].stage = .closed
        case .vanished, .looked: break
        case .lost:
            guard rows[place].stage != .lost else { return }
            rows[place].stage = .lost
            effects.append(.order(.warn(isDead ? .died(peer) : .lost(peer))))
        case .returned:
            guard rows[place].stage == .lost else { return }
            rows[place].stage = .listed
            effects.append(.order(.warn(.returned(peer))))
        }
    }

    /// Returns false if enough warnings about the peer were printed.
    mutating func admitWarning(of peer: Rank) throws(WireError) -> Bool {
        rows[try account(of: peer)].admitWarning()
    }

    /// The accounts of all peers, in order. Those of this group are the tracker's own.
    func merged(with members: Membership) -> [PeerRow] {
        rows.map { account in
            guard let index = members.place(of: account.rank) else {
                return ended(account, isOver: members.stage == .over)
            }
            let own = members[index]
            // A peer that has moved to another group counts as lost here.
            if own.stage == .lost, account.stage == .closed { return account }
            return own
        }
    }

    /// A peer that has not reported its end when the job is over is lost.
    private func ended(_ account: PeerRow, isOver: Bool) -> PeerRow {
        guard isOver, account.stage != .closed else { return account }
        var account = account
        account.stage = .lost
        return account
    }
}
