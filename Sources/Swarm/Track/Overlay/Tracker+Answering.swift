import Vocabulary
import Wire

/// Answers to the queries of other trackers, and their way on.
extension Tracker {
    mutating func queried(
        _ content: ContentID, _ id: QueryID, _ timeToLive: UInt32, _ selector: Selector,
        _ tail: RawSpan, from rank: Rank, now: Tick, effects: inout Effects<TrackerEffect>
    ) throws(WireError) {
        guard let overlay, overlay.isNeighbour(rank) else { throw .malformed }
        guard self.overlay?.admit(id, from: rank, now: now) == true else { return }
        switch selector {
        case .name:
            answerQuery(named: try RelativePath(reading: tail), id, to: rank, &effects)
        case .content:
            guard tail.byteCount <= 1 else { throw .malformed }
            let found = catalog.index(of: content)
            sendHit(
                found.flatMap { catalog[$0].members.isEmpty ? nil : $0 }, nil, id,
                withManifest: tail.byteCount == 1, to: rank, &effects)
            if found == nil { askForClaimed(content, now: now, &effects) }
        case .catalog:
            guard tail.byteCount == 0 else { throw .malformed }
            sendCatalogHits(id, to: rank, &effects)
        case .roll:
            guard tail.byteCount == 0 else { throw .malformed }
            sendRollHits(id, to: rank, &effects)
        }
        guard timeToLive > 1 else { return }
        let others = overlay.neighbours(besides: rank)
        self.overlay?.sent(others.count)
        send(
            .query(content, id, timeToLive: timeToLive - 1, by: selector), copying: tail,
            to: others, &effects)
    }

    /// Sends the content of that name in this group, or otherwise the peers that want it.
    private mutating func answerQuery(
        named name: RelativePath, _ id: QueryID, to rank: Rank,
        _ effects: inout Effects<TrackerEffect>
    ) {
        guard let found = catalog.index(here: name, isLive: !rules.isBatch) else {
            let ranks = (wanters[name] ?? []).filter { !peers[$0].isGone }
                .map { peers[$0].rank }
            let members = MemberList(
                seeds: [], peers: Array(ranks.prefix(MemberList.countMax)))
            let tail = effects.tail { members.write(to: &$0) }
            let hit = OverlayMessage.queryHit(
                .none, id, responder: rules.rank, seeds: 0, peers: UInt16(members.peers.count))
            return effects.append(.send(.overlay(hit), tail, to: rank))
        }
        sendHit(found, name, id, withManifest: true, to: rank, &effects)
    }

    private func sendHit(
        _ found: Int?, _ asked: RelativePath?, _ id: QueryID, withManifest: Bool, to rank: Rank,
        _ effects: inout Effects<TrackerEffect>
    ) {
        guard let found else {
            let hit = OverlayMessage.queryHit(
                .none, id, responder: rules.rank, seeds: 0, peers: 0)
            return effects.append(.send(.overlay(hit), .none, to: rank))
        }
        let row = catalog[found]
        let name = asked ?? row.listedNames.first ?? row.names.first
        var answer = row.found(as: name)
        answer.rivals = catalog.rivals(of: name, isLive: !rules.isBatch).filter {
            $0.content != catalog[found].content
        }
        if withManifest { answer.manifest = catalog[found].manifest }
        let tail = effects.tail { answer.write(to: &$0) }
        let hit = OverlayMessage.queryHit(
            catalog[found].content, id, responder: rules.rank,
            seeds: UInt16(answer.members.seeds.count), peers: UInt16(answer.members.peers.count))
        effects.append(.send(.overlay(hit), tail, to: rank))
    }
}
