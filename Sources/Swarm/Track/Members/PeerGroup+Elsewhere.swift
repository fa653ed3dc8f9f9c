import Vocabulary
import Wire

/// Handles reports of other trackers about the peers of their groups.
extension PeerGroup {
    mutating func reportedElsewhere(
        _ message: GroupMessage, _ tail: RawSpan, from tracker: Rank,
        _ effects: inout Effects<TrackerEffect>
    ) throws(WireError) {
        switch message {
        case .list(let peer, let page, let count, let isLast):
            let left = try search.trackers.groups.accounts.listed(
                peer, tail, count, page: page, isLast: isLast, by: tracker, &search.swarms)
            ownViolations += left
        case .report(let peer, let page, let count, let isLast):
            let left = try search.trackers.groups.accounts.reported(
                peer, tail, count, page: page, isLast: isLast, by: tracker)
            ownViolations += left
        case .news(let peer, let news):
            let isDead = members.dead.contains(peer)
            try search.trackers.groups.accounts.changed(
                peer, news, by: tracker, isDead: isDead, &effects)
        case .disagreement(let count):
            var cursor = 0
            guard tail.byteCount >= Int(count) * 4, count > 0 else { throw .malformed }
            var owners: [Rank] = []
            for _ in 0..<count { owners.append(try tail.readRank(&cursor)) }
            let bytes = try tail.readBytes(tail.byteCount - cursor, &cursor)
            do throws(PathError) {
                search.trackers.groups.dispute(try RelativePath(utf8: bytes), owners, &effects)
            } catch { throw .malformed }
        case .measured, .awaits, .room: try reportedOfRoom(message, tail, from: tracker, &effects)
        case .noted(let peer):
            let bytes = try tail.readBytes(min(tail.byteCount, Tracker.textMax))
            guard try search.trackers.groups.accounts.admitWarning(of: peer) else { return }
            effects.append(.order(.warn(.noted(peer, String(decoding: bytes, as: UTF8.self)))))
        case .prepared, .ready, .done, .jobOver, .working, .closed, .jobState, .jobClosed,
            .shutdown:
            break
        }
    }

    private mutating func reportedOfRoom(
        _ message: GroupMessage, _ tail: RawSpan, from tracker: Rank,
        _ effects: inout Effects<TrackerEffect>
    ) throws(WireError) {
        switch message {
        case .measured(let peer, let content):
            let need = try RoomNeed(reading: tail)
            try search.trackers.groups.accounts.note(tracker, for: peer)
            rooms.measuredElsewhere(
                peer, content, need, members, search.trackers.groups, &effects)
        case .awaits(let peer, let isGone):
            guard try search.trackers.groups.accounts.heeds(tracker, about: peer) else { return }
            rooms.turnedElsewhere(
                peer, isGone: isGone, members, search.trackers.groups, &effects)
        case .room(let peer, let content, let isGranted):
            var cursor = 0
            let taken: Int64 = try tail.read(&cursor)
            guard cursor == tail.byteCount, taken >= 0 else { throw .malformed }
            guard let index = members.place(of: peer) else { return }
            let verdict = DownloadMessage.room(
                content, taken: ByteCount(taken), isGranted: isGranted)
            send(verdict, to: index, &effects)
        default: break
        }
    }
}
