import Vocabulary
import Wire

/// Lists of ranks: all peers of the job, or the seeds of a content, in all groups.
extension Tracker {
    /// Sends all peers, or the seeds of `content`, at once or when the other groups have answered.
    mutating func rollRequested(
        of content: ContentID, from: UInt32, by index: Int, now: Tick,
        effects: inout Effects<TrackerEffect>
    ) {
        let key: OverlayKey = content == .none ? .roll : .content(content)
        // Later pages belong to the same list as the first.
        guard from == 0, !isFresh(key, now: now) else {
            return sendRoll(of: content, from: from, to: index, &effects)
        }
        var waiter = PendingQuery.Waiter(
            peer: index, want: WantNumber(0), needsManifest: false, isAnswered: false)
        waiter.isForRoll = true
        guard ask(key, for: waiter, now: now, &effects) else {
            return sendRoll(of: content, from: 0, to: index, &effects)
        }
    }

    /// Whether the answer is known without asking other groups.
    func isFresh(_ key: OverlayKey, now: Tick) -> Bool {
        guard let overlay else { return true }
        return overlay.isResolved(key) && !overlay.isDue(key, now: now)
    }

    /// Makes a peer wait for the other groups. Returns false if too many queries are under way.
    mutating func ask(
        _ key: OverlayKey, for waiter: PendingQuery.Waiter, now: Tick,
        _ effects: inout Effects<TrackerEffect>
    ) -> Bool {
        guard beginQuery(key, needsManifest: true, now: now, &effects) else { return false }
        overlay?.wait(waiter, for: key, isEach: !rules.isBatch)
        endQueries(now: now, &effects)
        return true
    }

    func sendRoll(
        of content: ContentID, from: UInt32, to index: Int,
        _ effects: inout Effects<TrackerEffect>
    ) {
        let all = content == .none ? wholeRoll : seeds(of: content)
        let (tail, entries, isLast) = page(of: all, from: Int(from), &effects)
        let message = DownloadMessage.roll(from: from, entries: entries, isLast: isLast)
        effects.append(.send(.download(message), tail, to: peers[index].rank))
    }

    private func page(
        of all: [RollEntry], from: Int, _ effects: inout Effects<TrackerEffect>
    ) -> (tail: Tail, entries: UInt32, isLast: Bool) {
        let rows = all.dropFirst(from).prefix(Head.tailMax / RollEntry.byteCount)
        let tail = effects.tail { bytes in
            for row in rows { row.write(to: &bytes) }
        }
        return (tail, UInt32(rows.count), rows.endIndex == all.endIndex)
    }

    private var ownRoll: [RollEntry] {
        peers.map {
            RollEntry(rank: $0.rank, presence: $0.presence(awaitsLook: rules.awaitsLooks))
        }
    }

    private var wholeRoll: [RollEntry] {
        guard overlay != nil else { return ownRoll }
        let first = rules.firstPeer.raw
        return remotePeers.merged(with: ownRoll, first..<first + Int32(rules.peerCount))
    }

    private func seeds(of content: ContentID) -> [RollEntry] {
        guard let found = catalog.index(of: content) else { return [] }
        let row = catalog[found]
        let here = row.members.filter { $0.isSeed && place(of: $0.rank) != nil }.map(\.rank)
        let elsewhere = row.remote.ranks.filter { row.remote.isSeed($0) && !row.isMember($0) }
        return (here + elsewhere).sorted().map { RollEntry(rank: $0, presence: .present) }
    }

    /// Sends the list of this group to another tracker.
    func sendRollHits(_ id: QueryID, to rank: Rank, _ effects: inout Effects<TrackerEffect>) {
        var sent = 0
        while true {
            let (tail, count, isLast) = page(of: ownRoll, from: sent, &effects)
            sent += Int(count)
            let hit = OverlayMessage.rollHit(
                id, responder: rules.rank, entries: count, isLast: isLast)
            effects.append(.send(.overlay(hit), tail, to: rank))
            guard !isLast else { return }
        }
    }

    mutating func rollLearned(
        _ id: QueryID, _ responder: Rank, _ count: UInt32, isLast: Bool, _ tail: RawSpan
    ) throws(WireError) {
        let entries = try RollEntry.reading(tail, count: count)
        guard let place = overlay?.place(of: id) else { return }
        remotePeers.learned(entries, atMost: 2 * rules.peerCount)
        if isLast { overlay?.answered(place, by: responder) }
    }
}
