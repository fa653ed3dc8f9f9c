import Vocabulary
import Wire

/// Shares the room on the disks of a host among its ranks. These may belong to several groups, so
/// only the root grants room: the other trackers forward their peers' needs to it.
struct RoomSharing: Sendable {
    private let rules: TrackerRules
    private var book: RoomBook

    init(_ rules: TrackerRules) {
        self.rules = rules
        book = RoomBook(rules.roomGroups, contentCount: rules.roomContentCount)
    }

    /// Handles a measurement of a peer of this group: the room that a content needs.
    mutating func measured(
        _ index: Int, _ content: ContentID, _ need: RoomNeed, _ members: inout Membership,
        _ groups: Groups, _ effects: inout Effects<TrackerEffect>
    ) {
        guard !book.isEmpty else { return }
        let rank = members[index].rank
        members[index].note(need, of: content, atMost: rules.roomContentCount)
        if !groups.isRoot {
            return groups.forward(need, of: content, by: rank, &effects)
        }
        send(book.measured(rank, content, need), members, groups, &effects)
    }

    /// Handles a measurement of a peer of another group. Such a peer lives, although its first
    /// tracker may have reported it lost.
    mutating func measuredElsewhere(
        _ rank: Rank, _ content: ContentID, _ need: RoomNeed, _ members: Membership,
        _ groups: Groups, _ effects: inout Effects<TrackerEffect>
    ) {
        send(book.returned(rank), members, groups, &effects)
        send(book.measured(rank, content, need), members, groups, &effects)
    }

    /// Handles a peer of this group that will write nothing more, or is back.
    mutating func turned(
        _ rank: Rank, isGone: Bool, _ members: Membership, _ groups: Groups,
        _ effects: inout Effects<TrackerEffect>
    ) {
        guard !book.isEmpty else { return }
        if !groups.isRoot {
            return groups.sendToRoot(.awaits(of: rank, isGone: isGone), &effects)
        }
        turnedElsewhere(rank, isGone: isGone, members, groups, &effects)
    }

    /// Handles a peer of another group that will write nothing more, or is back.
    mutating func turnedElsewhere(
        _ rank: Rank, isGone: Bool, _ members: Membership, _ groups: Groups,
        _ effects: inout Effects<TrackerEffect>
    ) {
        let verdicts = isGone ? book.gone(rank) : book.returned(rank)
        send(verdicts, members, groups, &effects)
    }

    /// Enters, on a new root, the needs of its own peers; the other trackers send it those of
    /// theirs.
    mutating func review(
        _ members: Membership, _ groups: Groups, _ effects: inout Effects<TrackerEffect>
    ) {
        guard !book.isEmpty, groups.isRoot else { return }
        for peer in members.rows {
            for row in peer.needs {
                send(book.measured(peer.rank, row.content, row.need), members, groups, &effects)
            }
            guard peer.isGone || peer.isDone else { continue }
            send(book.gone(peer.rank), members, groups, &effects)
        }
    }

    /// Sends the needs of a peer of this group to the root.
    func reportNeeds(
        of peer: PeerRow, _ groups: Groups, _ effects: inout Effects<TrackerEffect>
    ) {
        guard !book.isEmpty else { return }
        for row in peer.needs { groups.forward(row.need, of: row.content, by: peer.rank, &effects) }
        guard peer.isGone || peer.isDone else { return }
        groups.sendToRoot(.awaits(of: peer.rank, isGone: true), &effects)
    }

    /// Stops waiting for peers that were lost with their tracker and have not joined another one.
    mutating func giveUpAbsent(
        _ members: Membership, _ groups: Groups, now: Tick,
        _ effects: inout Effects<TrackerEffect>
    ) {
        guard groups.isRoot, book.isUndecided else { return }
        for peer in groups.absent(now: now) where members.place(of: peer) == nil {
            send(book.gone(peer), members, groups, &effects)
        }
    }

    private func send(
        _ verdicts: [RoomBook.Verdict], _ members: Membership, _ groups: Groups,
        _ effects: inout Effects<TrackerEffect>
    ) {
        for verdict in verdicts {
            // A peer that has left this group takes no answer from this tracker, and one that moves
            // meanwhile measures again.
            let tracker = groups.accounts.reporter(of: verdict.rank)
            guard let tracker, tracker != rules.rank else {
                guard members.place(of: verdict.rank) != nil else { continue }
                let message = DownloadMessage.room(
                    verdict.content, taken: verdict.taken, isGranted: verdict.isGranted)
                effects.append(.send(.download(message), .none, to: verdict.rank))
                continue
            }
            let tail = effects.tail { $0.write(verdict.taken.raw) }
            let message = GroupMessage.room(
                of: verdict.rank, verdict.content, isGranted: verdict.isGranted)
            effects.append(.send(.overlay(.group(message)), tail, to: tracker))
        }
    }

    func checkInvariants() { book.checkInvariants() }
}

extension Groups {
    fileprivate func forward(
        _ need: RoomNeed, of content: ContentID, by rank: Rank,
        _ effects: inout Effects<TrackerEffect>
    ) {
        let tail = effects.tail { need.write(to: &$0) }
        sendToRoot(.measured(of: rank, content), tail: tail, &effects)
    }
}
