import Vocabulary
import Wire

/// Who of one host has room for its copy.
extension Tracker {
    mutating func measured(
        _ index: Int, _ content: ContentID, needed: ByteCount, available: ByteCount,
        _ tail: RawSpan, _ effects: inout Effects<TrackerEffect>
    ) throws(WireError) {
        var cursor = 0
        let device: UInt64 = try tail.read(&cursor)
        guard cursor == tail.byteCount else { throw .malformed }
        let need = RoomNeed(needed: needed, available: available, device: device)
        tell(rooms.measured(peers[index].rank, content, need), &effects)
    }

    /// It waits for nobody, and writes no more of this content.
    mutating func gaveUp(
        _ index: Int, _ content: ContentID, _ effects: inout Effects<TrackerEffect>
    ) {
        catalog.settle(peers[index].rank, in: content)
        tell(rooms.measured(peers[index].rank, content, .none), &effects)
    }

    /// It will write nothing, or has written all.
    mutating func needsNoRoom(_ index: Int, _ effects: inout Effects<TrackerEffect>) {
        tell(rooms.gone(peers[index].rank), &effects)
    }

    mutating func returnedToRoom(_ index: Int, _ effects: inout Effects<TrackerEffect>) {
        tell(rooms.returned(peers[index].rank), &effects)
    }

    private func tell(_ verdicts: [RoomBook.Verdict], _ effects: inout Effects<TrackerEffect>) {
        for verdict in verdicts {
            let message = DownloadMessage.room(
                verdict.content, taken: verdict.taken, isGranted: verdict.isGranted)
            effects.append(.send(.download(message), .none, to: verdict.rank))
        }
    }
}
