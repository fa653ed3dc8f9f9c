import Vocabulary
import Wire

/// The account of each peer of the job, kept by the root: its wants, and their outcomes.
extension Tracker {
    /// Whether this tracker is the root, whose accounts count.
    package var isRoot: Bool { group.search.trackers.groups.isRoot }

    package var overlayCounts: OverlayCounts { group.search.trackers.overlay.counts }

    /// The query and hit messages of all trackers, as the root knows them when the job is over.
    package var overlayTraffic: (queries: Int, hits: Int) {
        group.search.trackers.traffic
    }

    /// The accounts of all peers of the job, in order.
    package var accounts: [PeerRow] { group.search.trackers.groups.accounts.merged(with: members) }

    /// Forwards a peer's message to the root if it concerns the accounts of the job.
    func forwardToRoot(
        _ message: TrackerMessage, tail: RawSpan, of rank: Rank,
        _ effects: inout Effects<TrackerEffect>
    ) {
        guard !isRoot else { return }
        let groups = group.search.trackers.groups
        switch message {
        // The list is sent completely, because a tracker that becomes the root between two pages
        // has not received the first.
        case .fileList(_, _, isLast: true):
            guard let index = members.place(of: rank), members[index].listing.isComplete else {
                return
            }
            groups.reportList(of: members[index], owned: owned(by: rank), &effects)
        case .prepared(let readiness) where readiness == .badInput || readiness == .notReady:
            let copy = effects.copy(tail)
            groups.sendToRoot(.prepared(of: rank, readiness), tail: copy, &effects)
        case .report(let page, let entries, let isLast, let isFinal):
            let copy = effects.copy(tail)
            groups.sendToRoot(
                .report(of: rank, page: page, entries: entries, isLast: isLast && isFinal),
                tail: copy, &effects)
        default: break
        }
    }

    /// The files of a peer that the root has to know.
    private func owned(by rank: Rank) -> [FileListEntry] {
        rules.kind.ownersMustAgree ? swarms.catalog.owned(by: rank) : []
    }

    /// Sends the root everything that was ever forwarded of a peer.
    func reportAccount(_ peer: PeerRow, _ effects: inout Effects<TrackerEffect>) {
        guard peer.listing.isComplete || peer.isGone else { return }
        group.rooms.reportNeeds(of: peer, group.search.trackers.groups, &effects)
        group.search.trackers.groups.report(peer, owned: owned(by: peer.rank), &effects)
    }
}
