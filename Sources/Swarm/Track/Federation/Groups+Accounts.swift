import Vocabulary
import Wire

/// The messages of a tracker to the root about the peers of its group.
extension Groups {
    /// Sends everything that was ever forwarded about the peer, except its needs of room. `owned`
    /// are the files that the peer owns, if the owners have to agree.
    func report(
        _ peer: PeerRow, owned: [FileListEntry], _ effects: inout Effects<TrackerEffect>
    ) {
        reportList(of: peer, owned: owned, &effects)
        if !peer.refusal.isEmpty {
            let tail = effects.tail { $0 += peer.refusal.utf8 }
            sendToRoot(.prepared(of: peer.rank, .badInput), tail: tail, &effects)
        }
        if !peer.trouble.isEmpty {
            let tail = effects.tail { $0 += peer.trouble.utf8 }
            sendToRoot(.prepared(of: peer.rank, .notReady), tail: tail, &effects)
        }
        let report = peer.report.pages
        for (page, content) in report.list.enumerated() {
            let tail = effects.tail { $0 += content.bytes }
            let isLast = page == report.list.count - 1 && peer.stage == .closed
            sendToRoot(
                .report(
                    of: peer.rank, page: UInt32(page), entries: content.entries, isLast: isLast),
                tail: tail, &effects)
        }
        if peer.listing.hasLooked { sendToRoot(.news(of: peer.rank, .looked), &effects) }
        if peer.stage == .lost { sendToRoot(.news(of: peer.rank, .lost), &effects) }
    }

    func reportList(
        of peer: PeerRow, owned: [FileListEntry], _ effects: inout Effects<TrackerEffect>
    ) {
        var list = Pages<FileListEntry>()
        for name in peer.listing.wants { list.append(.wanted(name)) }
        for entry in owned { list.append(entry) }
        list.close()
        for (page, content) in list.list.enumerated() {
            let tail = effects.tail { $0 += content.bytes }
            let isLast = page == list.list.count - 1
            sendToRoot(
                .list(
                    of: peer.rank, page: UInt32(page), entries: content.entries, isLast: isLast),
                tail: tail, &effects)
        }
    }
}
