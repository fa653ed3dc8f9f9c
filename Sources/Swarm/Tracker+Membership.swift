import Vocabulary
import Wire

/// Joining, lists, leases and leaving.
extension Tracker {
    /// Any message is a proof of life.
    mutating func renewLease(of index: Int, now: Tick, effects: inout Effects<TrackerEffect>) {
        peers[index].leaseEnd = now + rules.lease
        guard peers[index].stage == .lost else { return }
        // It was only silent. What it owned was deleted, so it is asked for its list again.
        peers[index].stage = .listing
        peers[index].wants = []
        peers[index].isListed = false
        effects.append(.warn(.returned(peers[index].rank)))
        if stage == .closing {
            terminate(index, &effects)
        } else {
            send(.fileListRequest, to: index, &effects)
        }
    }

    mutating func joined(_ index: Int, effects: inout Effects<TrackerEffect>) {
        switch peers[index].stage {
        case .absent, .listing:
            peers[index].stage = .listing
            send(.fileListRequest, to: index, &effects)
        case .joined, .finished: send(.joinAck(peers: joinAckCount), to: index, &effects)
        case .listed, .refused, .closed, .lost: break
        }
    }

    private var joinAckCount: UInt32 { UInt32(rules.peerCount) }

    mutating func listed(
        _ index: Int, _ tail: RawSpan, _ count: UInt32, isLast: Bool
    ) throws(WireError) {
        let entries = try FileListEntry.reading(tail, count: count)
        // A list that was asked for twice arrives twice: the second changes nothing.
        guard peers[index].stage == .absent || peers[index].stage == .listing else { return }
        for entry in entries { note(entry, of: index) }
        guard isLast else { return }
        peers[index].stage = .listed
        peers[index].isListed = true
    }

    mutating func updated(
        _ index: Int, _ tail: RawSpan, _ count: UInt32
    ) throws(WireError) {
        for entry in try FileListEntry.reading(tail, count: count) { note(entry, of: index) }
    }

    private mutating func note(_ entry: FileListEntry, of index: Int) {
        let rank = peers[index].rank
        switch entry {
        case .owned(let name, let content, let size, let pieces, let manifest):
            let row = SwarmRow(
                name: name, content: content, size: size, pieces: pieces, manifest: manifest,
                lowestOwner: rank)
            catalog.add(row, owner: rank)
        case .wanted(let name): peers[index].wants.append(name)
        case .host: break
        case .gone(_, let content): catalog.withdraw(content, by: rank)
        }
    }

    mutating func prepared(_ index: Int, _ readiness: Readiness, _ text: String, now: Tick) {
        guard readiness != .ready, stage == .gathering else { return }
        peers[index].stage = .refused
        peers[index].refusal = text
        refusedSince = refusedSince ?? now
    }

    mutating func left(_ index: Int, effects: inout Effects<TrackerEffect>) {
        send(.leaveAck, to: index, &effects)
        catalog.leave(peers[index].rank)
        peers[index].stage = .closed
    }

    mutating func expireLeases(now: Tick, effects: inout Effects<TrackerEffect>) {
        for index in peers.indices where !peers[index].isGone && peers[index].leaseEnd <= now {
            peers[index].stage = .lost
            catalog.leave(peers[index].rank)
            effects.append(.warn(.lost(peers[index].rank)))
        }
    }
}
