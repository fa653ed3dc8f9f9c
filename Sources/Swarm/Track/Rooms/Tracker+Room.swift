import Vocabulary
import Wire

/// Room for the copies on each host. The ranks of one host may belong to several groups, so the
/// root adds up the needs of all of them.
extension Tracker {
    mutating func measured(
        _ index: Int, _ content: ContentID, needed: ByteCount, available: ByteCount,
        _ tail: RawSpan, _ effects: inout Effects<TrackerEffect>
    ) throws(WireError) {
        var cursor = 0
        let device: UInt64 = try tail.read(&cursor)
        guard cursor == tail.byteCount else { throw .malformed }
        guard rules.inheritance == nil else {
            // Under an heir every rank checks by itself whether its copies fit.
            return send(.room(content, taken: .zero, isGranted: true), to: index, &effects)
        }
        let need = RoomNeed(needed: needed, available: available, device: device)
        measured(index, content, need, &effects)
    }

    /// The peer no longer waits for this content, and writes no more of it. In a standing job it
    /// also leaves the swarm; otherwise the content could never be forgotten.
    mutating func gaveUp(
        _ index: Int, _ content: ContentID, _ effects: inout Effects<TrackerEffect>
    ) {
        let rank = peers[index].rank
        catalog.change(content) { rules.isBatch ? $0.settle(rank) : $0.leave(rank) }
        measured(index, content, .none, &effects)
    }

    private mutating func measured(
        _ index: Int, _ content: ContentID, _ need: RoomNeed,
        _ effects: inout Effects<TrackerEffect>
    ) {
        guard !rooms.isEmpty else { return }
        if groups != nil { peers[index].note(need, of: content, atMost: rules.roomContentCount) }
        guard isRoot else { return forward(need, of: content, by: index, &effects) }
        send(rooms.measured(peers[index].rank, content, need), &effects)
    }

    private func forward(
        _ need: RoomNeed, of content: ContentID, by index: Int,
        _ effects: inout Effects<TrackerEffect>
    ) {
        let tail = effects.tail { need.write(to: &$0) }
        sendToRoot(.measured(of: peers[index].rank, content), tail: tail, &effects)
    }

    /// The peer will write nothing more.
    mutating func releaseRoom(_ index: Int, _ effects: inout Effects<TrackerEffect>) {
        guard !rooms.isEmpty else { return }
        let rank = peers[index].rank
        guard isRoot else { return sendToRoot(.awaits(of: rank, isGone: true), &effects) }
        send(rooms.gone(rank), &effects)
    }

    mutating func roomMemberReturned(_ index: Int, _ effects: inout Effects<TrackerEffect>) {
        guard !rooms.isEmpty else { return }
        let rank = peers[index].rank
        guard isRoot else { return sendToRoot(.awaits(of: rank, isGone: false), &effects) }
        send(rooms.returned(rank), &effects)
    }

    private func send(_ verdicts: [RoomBook.Verdict], _ effects: inout Effects<TrackerEffect>) {
        for verdict in verdicts {
            guard place(of: verdict.rank) == nil else {
                let message = DownloadMessage.room(
                    verdict.content, taken: verdict.taken, isGranted: verdict.isGranted)
                effects.append(.send(.download(message), .none, to: verdict.rank))
                continue
            }
            // A peer whose tracker is lost will measure again at another one.
            guard let place = groups?.account(of: verdict.rank),
                let tracker = groups?.reporters[place]
            else { continue }
            let tail = effects.tail { $0.write(verdict.taken.raw) }
            let message = GroupMessage.room(
                of: verdict.rank, verdict.content, isGranted: verdict.isGranted)
            effects.append(.send(.overlay(.group(message)), tail, to: tracker))
        }
    }
}

/// Room in a job of several groups.
extension Tracker {
    mutating func reportedOfRoom(
        _ message: GroupMessage, _ tail: RawSpan, from tracker: Rank,
        _ effects: inout Effects<TrackerEffect>
    ) throws(WireError) {
        switch message {
        case .measured(let peer, let content):
            guard let place = groups?.account(of: peer) else { throw .malformed }
            let need = try RoomNeed(reading: tail)
            groups?.reporters[place] = tracker
            // A peer that measures lives, although its first tracker may have reported it lost.
            send(rooms.returned(peer), &effects)
            send(rooms.measured(peer, content, need), &effects)
        case .awaits(let peer, let isGone):
            guard let place = groups?.account(of: peer) else { throw .malformed }
            // A peer that has moved to another tracker is gone only from the first one.
            let reporter = groups?.reporters[place]
            guard reporter == nil || reporter == tracker else { return }
            send(isGone ? rooms.gone(peer) : rooms.returned(peer), &effects)
        case .room(let peer, let content, let isGranted):
            var cursor = 0
            let taken: Int64 = try tail.read(&cursor)
            guard cursor == tail.byteCount, taken >= 0 else { throw .malformed }
            guard rules.contains(peer), let index = place(of: peer) else { return }
            let verdict = DownloadMessage.room(
                content, taken: ByteCount(taken), isGranted: isGranted)
            send(verdict, to: index, &effects)
        default: break
        }
    }

    /// A new root knows the needs of its own peers; the other trackers send it those of theirs.
    mutating func reviewRooms(_ effects: inout Effects<TrackerEffect>) {
        guard !rooms.isEmpty, isRoot else { return }
        for index in peers.indices {
            for row in peers[index].needs {
                send(rooms.measured(peers[index].rank, row.content, row.need), &effects)
            }
            guard peers[index].isGone || peers[index].isDone else { continue }
            releaseRoom(index, &effects)
        }
    }

    /// Sends the needs of a peer of this group to the root.
    func reportNeeds(of peer: PeerRow, _ effects: inout Effects<TrackerEffect>) {
        guard !rooms.isEmpty else { return }
        for row in peer.needs {
            let tail = effects.tail { row.need.write(to: &$0) }
            sendToRoot(.measured(of: peer.rank, row.content), tail: tail, &effects)
        }
        guard peer.isGone || peer.isDone else { return }
        sendToRoot(.awaits(of: peer.rank, isGone: true), &effects)
    }

    /// Stops waiting for peers that were lost with their tracker and have not turned up elsewhere.
    mutating func giveUpAbsent(now: Tick, _ effects: inout Effects<TrackerEffect>) {
        guard isRoot, rooms.isUndecided, let groups else { return }
        for peer in groups.absent(now: now) where place(of: peer) == nil {
            send(rooms.gone(peer), &effects)
        }
    }
}

extension RoomNeed {
    fileprivate func write(to tail: inout [UInt8]) {
        tail.write(needed.raw)
        tail.write(available.raw)
        tail.write(device)
    }

    fileprivate init(reading tail: RawSpan) throws(WireError) {
        var cursor = 0
        let needed: Int64 = try tail.read(&cursor)
        let available: Int64 = try tail.read(&cursor)
        device = try tail.read(&cursor)
        guard cursor == tail.byteCount, needed >= 0, available >= 0 else { throw .malformed }
        self.needed = ByteCount(needed)
        self.available = ByteCount(available)
    }
}
