import Vocabulary
import Wire

/// Joining, file lists, leases and leaving.
extension Tracker {
    /// Every message proves that its sender is alive.
    mutating func renewLease(
        of index: Int, by message: TrackerMessage, now: Tick,
        effects: inout Effects<TrackerEffect>
    ) {
        peers[index].leaseEnd = now + rules.lease
        guard peers[index].stage == .lost else { return }
        // It was only silent. Its entries were deleted, so it has to send its list again.
        move(index, to: .absent)
        peers[index].wants = []
        peers[index].nextPage = 0
        peers[index].entryCount = 0
        peers[index].isListed = false
        peers[index].forgetLook()
        warn(.returned(peers[index].rank), &effects)
        roomMemberReturned(index, &effects)
        if message != .join { invite(index, &effects) }
    }

    /// Asks for the list of a peer, or ends that peer where it is too late for lists.
    private mutating func invite(_ index: Int, _ effects: inout Effects<TrackerEffect>) {
        switch stage {
        case .gathering, .running:
            move(index, to: .listing)
            send(.fileListRequest, to: index, &effects)
        case .closing, .over: terminate(index, &effects)
        }
    }

    mutating func joined(_ index: Int, effects: inout Effects<TrackerEffect>) {
        switch peers[index].stage {
        case .absent, .listing: invite(index, &effects)
        case .joined, .finished: send(.joinAck(peers: joinAckCount), to: index, &effects)
        case .listed, .refused, .closed, .lost: break
        }
    }

    private var joinAckCount: UInt32 { UInt32(rules.peerCount) }

    mutating func listed(
        _ index: Int, _ tail: RawSpan, _ count: UInt32, _ page: UInt32, isLast: Bool, now: Tick,
        _ effects: inout Effects<TrackerEffect>
    ) throws(WireError) {
        let entries = try FileListEntry.reading(tail, count: count)
        // A list that was requested twice arrives twice; the second copy changes nothing.
        guard peers[index].stage == .absent || peers[index].stage == .listing else { return }
        // Pages whose first page was lost with a lease are ignored: the whole list comes again.
        guard page == 0 || page == peers[index].nextPage else { return }
        if page == 0 { peers[index].wants = [] }
        peers[index].nextPage = page &+ 1
        for entry in entries { note(entry, of: index) }
        applyClaims(to: entries, now: now, &effects)
        guard isLast else { return }
        move(index, to: .listed)
        peers[index].isListed = true
    }

    mutating func updated(
        _ index: Int, _ tail: RawSpan, _ count: UInt32, now: Tick,
        _ effects: inout Effects<TrackerEffect>
    ) throws(WireError) {
        var gone: [ContentID] = []
        let entries = try FileListEntry.reading(tail, count: count)
        for entry in entries {
            note(entry, of: index)
            if case .gone(_, let content) = entry { gone.append(content) }
        }
        applyClaims(to: entries, now: now, &effects)
        hasChanged = true
        withdrawn(gone, now: now, &effects)
    }

    private mutating func note(_ entry: FileListEntry, of index: Int) {
        let rank = peers[index].rank
        switch entry {
        case .owned, .wanted, .described, .reading:
            guard peers[index].entryCount < rules.entriesPerPeerMax else {
                violations += 1
                return
            }
            peers[index].entryCount += 1
        case .host, .gone, .notReading: break
        }
        switch entry {
        case .owned(let name, let content, let size, let pieces, let manifest):
            let row = SwarmRow(
                name: name, content: content, size: size, pieces: pieces, manifest: manifest,
                lowestOwner: rank)
            catalog.add(row, named: name, by: rank, isSeed: true)
            peers[index].endsReading(name)
        case .described(let name, let content, let size, let pieces, let manifest):
            // In a standing job it has fetched the content, and the name is its owner's.
            let row = SwarmRow(
                name: name, content: content, size: size, pieces: pieces, manifest: manifest,
                lowestOwner: rules.isBatch ? rank : Rank(.max))
            catalog.add(row, named: name, by: rank, isSeed: false)
            peers[index].endsReading(name)
        case .wanted(let name):
            peers[index].wants.append(name)
            if overlay != nil, wanters[name]?.contains(index) != true {
                wanters[name, default: []].append(index)
            }
        case .host: break
        case .gone(let name, let content):
            peers[index].entryCount = max(0, peers[index].entryCount - 1)
            catalog.withdraw(content, named: name, by: rank)
        case .reading(let name, let size): peers[index].reads(name, size)
        case .notReading(let name): peers[index].endsReading(name)
        }
    }

    /// Bad input ends the job. A peer whose own disk is at fault fails alone, and states that in
    /// its report. Only the first few warnings of a peer are printed.
    mutating func prepared(
        _ index: Int, _ readiness: Readiness, _ tail: RawSpan, now: Tick,
        effects: inout Effects<TrackerEffect>
    ) throws(WireError) {
        guard readiness != .ready else { return }
        guard tail.byteCount > 0 else { throw .malformed }
        let bytes = try tail.readBytes(min(tail.byteCount, Self.refusalTextMax))
        let text = String(decoding: bytes, as: UTF8.self)
        switch readiness {
        case .ready: break
        case .warned:
            guard peers[index].warningCount < Self.warningsPerPeerMax else { return }
            peers[index].warningCount += 1
            warn(.noted(peers[index].rank, text), &effects)
        case .notReady: if peers[index].trouble.isEmpty { peers[index].trouble = text }
        case .badInput:
            guard stage == .gathering || rules.staysOpen && stage == .running else { return }
            move(index, to: .refused)
            peers[index].refusal = text
            refusedSince = refusedSince ?? now
        }
    }

    mutating func looked(_ index: Int, _ effects: inout Effects<TrackerEffect>) {
        peers[index].hasLooked = true
        hasChanged = true
        sendToRoot(.news(of: peers[index].rank, .looked), &effects)
    }

    static var refusalTextMax: Int { 4096 }
    static var warningsPerPeerMax: Int { 8 }

    mutating func left(_ index: Int, effects: inout Effects<TrackerEffect>) {
        send(.leaveAck, to: index, &effects)
        catalog.leave(peers[index].rank)
        move(index, to: .closed)
        releaseRoom(index, &effects)
        if rules.staysOpen { sendToRoot(.news(of: peers[index].rank, .left), &effects) }
    }

    mutating func lose(_ index: Int, _ effects: inout Effects<TrackerEffect>) {
        move(index, to: .lost)
        catalog.leave(peers[index].rank)
        guard groups?.isElsewhere(peers[index].rank) != true else { return }
        let rank = peers[index].rank
        warn(rules.warning(ofLost: rank, isDead: dead.contains(rank)), &effects)
        releaseRoom(index, &effects)
    }

    mutating func expireLeases(now: Tick, effects: inout Effects<TrackerEffect>) {
        guard !isForsaken(now: now) else { return }
        for index in peers.indices where !peers[index].isGone && peers[index].leaseEnd <= now {
            // In a job that peers may join at any time, a peer that never came is not missed.
            if !rules.isBatch && !rules.staysOpen && peers[index].stage == .absent { continue }
            lose(index, &effects)
        }
        guard rules.staysOpen else { return }
        // A peer that left repeats `leave` to keep its place; a silent one cannot come back.
        for index in peers.indices
        where peers[index].stage == .closed && peers[index].leaseEnd <= now {
            move(index, to: .lost)
            sendToRoot(.news(of: peers[index].rank, .vanished), &effects)
        }
    }
}
