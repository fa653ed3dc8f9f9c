import Vocabulary
import Wire

/// Answers to the queries of other trackers.
extension Swarms {
    /// Sends this group's content of that name or, if there is none, the peers that want it.
    func sendHit(
        _ name: RelativePath, wanters: [Rank], _ id: QueryID, to rank: Rank,
        _ effects: inout Effects<TrackerEffect>
    ) {
        guard let found = catalog.index(here: name, isLive: rules.kind.isStanding) else {
            let members = MemberList(
                seeds: [], peers: Array(wanters.prefix(MemberList.countMax)))
            let tail = effects.tail { members.write(to: &$0) }
            let hit = OverlayMessage.queryHit(
                .none, id, responder: rules.rank, seeds: 0, peers: UInt16(members.peers.count))
            return effects.append(.send(.overlay(hit), tail, to: rank))
        }
        sendHit(found, name, id, withManifest: true, to: rank, &effects)
    }

    func sendHit(
        _ found: Int?, _ asked: RelativePath?, _ id: QueryID, withManifest: Bool, to rank: Rank,
        _ effects: inout Effects<TrackerEffect>
    ) {
        guard let found else {
            let hit = OverlayMessage.queryHit(
                .none, id, responder: rules.rank, seeds: 0, peers: 0)
            return effects.append(.send(.overlay(hit), .none, to: rank))
        }
        let answer = self.found(found, as: asked, withManifest: withManifest)
        let tail = effects.tail { answer.write(to: &$0) }
        let hit = OverlayMessage.queryHit(
            self[found].content, id, responder: rules.rank,
            seeds: UInt16(answer.members.seeds.count),
            peers: UInt16(answer.members.peers.count))
        effects.append(.send(.overlay(hit), tail, to: rank))
    }

    /// This group's knowledge of the content, for a tracker that asked for it, perhaps by name.
    private func found(_ found: Int, as asked: RelativePath?, withManifest: Bool) -> FoundSwarm {
        let row = catalog[found]
        let name = asked ?? row.listedNames.first ?? row.names.first
        var answer = row.found(as: name)
        answer.rivals = catalog.rivals(of: name, isLive: rules.kind.isStanding).filter {
            $0.content != row.content
        }
        if withManifest { answer.manifest = row.manifest }
        return answer
    }
}
