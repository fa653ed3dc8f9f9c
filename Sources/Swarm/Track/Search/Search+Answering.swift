import Vocabulary
import Wire

/// Answers to the queries of other trackers.
extension Search {
    mutating func queried(
        _ content: ContentID, _ id: QueryID, _ timeToLive: UInt32, _ selector: Selector,
        _ tail: RawSpan, from rank: Rank, _ members: Membership, now: Tick,
        _ effects: inout Effects<TrackerEffect>
    ) throws(WireError) {
        guard trackers.overlay.isNeighbour(rank) else { throw .malformed }
        guard trackers.overlay.admit(id, from: rank, now: now) else { return }
        switch selector {
        case .name:
            let name = try RelativePath(reading: tail)
            swarms.sendHit(name, wanters: members.wanters(of: name), id, to: rank, &effects)
        case .content:
            guard tail.byteCount <= 1 else { throw .malformed }
            let found = swarms.index(of: content)
            swarms.sendHit(
                found.flatMap { swarms[$0].members.isEmpty ? nil : $0 }, nil, id,
                withManifest: tail.byteCount == 1, to: rank, &effects)
            if found == nil { askForClaimed(content, members, now: now, &effects) }
        case .catalog:
            guard tail.byteCount == 0 else { throw .malformed }
            trackers.overlay.send(ownCatalog(members), for: id, to: rank, &effects)
        case .roll:
            guard tail.byteCount == 0 else { throw .malformed }
            trackers.overlay.send(members.roll, for: id, to: rank, &effects)
        }
        trackers.overlay.forward(content, id, timeToLive, selector, tail, from: rank, &effects)
    }
}
