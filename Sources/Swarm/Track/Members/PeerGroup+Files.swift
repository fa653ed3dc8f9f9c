import Vocabulary
import Wire

/// Handles messages of the group's peers about their files: lists, progress, stalls, room and
/// reports.
extension PeerGroup {
    mutating func listed(
        _ index: Int, _ tail: RawSpan, _ count: UInt32, _ page: UInt32, isLast: Bool, now: Tick,
        _ effects: inout Effects<TrackerEffect>
    ) throws(WireError) {
        let entries = try FileListEntry.reading(tail, count: count)
        // A list that was requested twice arrives twice; the second copy changes nothing.
        guard members[index].stage == .absent || members[index].stage == .listing else { return }
        guard members[index].listing.begin(page: page) else { return }
        for entry in entries { note(entry, of: index) }
        search.applyClaims(to: entries, members, now: now, &effects)
        guard isLast else { return }
        members.move(index, to: .listed)
        members[index].listing.isComplete = true
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
        search.applyClaims(to: entries, members, now: now, &effects)
        search.answerWaiting(entries, members, &effects)
        members.noteChange()
        search.withdrawn(gone, members, now: now, &effects)
    }

    private mutating func note(_ entry: FileListEntry, of index: Int) {
        guard members.note(entry, of: index) else {
            ownViolations += 1
            return
        }
        swarms.note(entry, of: members[index].rank)
    }

    mutating func looked(_ index: Int, _ effects: inout Effects<TrackerEffect>) {
        members.looked(index)
        sendToRoot(.news(of: members[index].rank, .looked), &effects)
    }

    mutating func swarmRequested(
        _ index: Int, _ content: ContentID, _ want: WantNumber, _ selector: Selector,
        _ needsManifest: Bool, tail: RawSpan, now: Tick, _ effects: inout Effects<TrackerEffect>
    ) throws(WireError) {
        let key: OverlayKey
        switch selector {
        case .name: key = .name(try RelativePath(reading: tail))
        case .content:
            guard tail.byteCount == 0 else { throw .malformed }
            key = .content(content)
        case .catalog, .roll: key = .content(.none)
        }
        // Before all lists are in, a name cannot count as unknown: the peer asks again.
        guard members.stage == .running else { return }
        search.swarmRequested(
            key, want, needsManifest: needsManifest, by: index, members, now: now, &effects)
    }

    /// Makes peers members as soon as they have listed a want, so that the swarm's graph is
    /// complete when peers begin.
    mutating func enterWanters() {
        for peer in members.rows where peer.stage == .listed { swarms.enter(peer) }
    }

    mutating func progressed(_ index: Int, _ content: ContentID) {
        guard swarms.progressed(content, by: members[index].rank) else {
            ownViolations += 1
            return
        }
        members[index].complaints.progressed()
    }

    /// Handles the seal of a publisher's final table. Members that join later get it with the
    /// swarm.
    mutating func sealed(
        _ index: Int, _ content: ContentID, _ tail: RawSpan, now: Tick,
        _ effects: inout Effects<TrackerEffect>
    ) throws(WireError) {
        guard (1...PieceDigest.byteCountMax).contains(tail.byteCount) else { throw .malformed }
        let digest = try tail.readBytes(tail.byteCount)
        apply(.sealed(digest), content, index, now: now, &effects)
        guard let found = swarms.index(of: content), let seal = swarms[found].seal else { return }
        collected.sealed(content, by: members[index].rank, isFinal: seal == digest)
    }

    mutating func apply(
        _ role: Claim.Role, _ content: ContentID, _ index: Int, now: Tick,
        _ effects: inout Effects<TrackerEffect>
    ) {
        search.apply(role, content, index, members, now: now, &effects)
    }

    mutating func stalled(
        _ index: Int, _ message: TrackerMessage, now: Tick,
        _ effects: inout Effects<TrackerEffect>
    ) {
        guard case .stalled(let content, let missing, let fingerprint, let isCertain) = message,
            members.stage == .running
        else { return }
        guard let found = swarms.index(of: content) else {
            ownViolations += 1
            return
        }
        let isToBeAsked = swarms.stalled(
            found, members[index].rank, missing: missing, fingerprint: fingerprint,
            isCertain: isCertain, hasDead: !members.dead.isEmpty, now: now, &effects)
        guard isToBeAsked else { return }
        // The last group of which all members have stalled finds out that the others have, too.
        search.beginQuery(.content(content), now: now, &effects)
        search.endQueries(members, now: now, &effects)
    }

    mutating func declareLosses(now: Tick, _ effects: inout Effects<TrackerEffect>) {
        swarms.expireRemote(now: now)
        // Peers of a lost tracker, which are on their way to others, may have the missing pieces.
        guard !search.trackers.groups.isSettling(now: now) else { return }
        swarms.declareLosses(now: now, &effects)
    }

    mutating func forgetAbandoned(now: Tick) {
        guard rules.kind.isStanding else { return }
        let silent = members.rows.filter { $0.stage == .lost }.map(\.rank)
        swarms.forgetAbandoned(now: now, silent: silent)
    }

    mutating func measured(
        _ index: Int, _ content: ContentID, needed: ByteCount, available: ByteCount,
        _ tail: RawSpan, _ effects: inout Effects<TrackerEffect>
    ) throws(WireError) {
        var cursor = 0
        let device: UInt64 = try tail.read(&cursor)
        guard cursor == tail.byteCount else { throw .malformed }
        guard rules.inheritance == nil else {
            // No rank may begin before the heir has the lists of all; one that is let in measures
            // again.
            guard [.joined, .finished].contains(members[index].stage) else { return }
            // Under an heir every rank checks by itself whether its copies fit.
            return send(.room(content, taken: .zero, isGranted: true), to: index, &effects)
        }
        let need = RoomNeed(needed: needed, available: available, device: device)
        rooms.measured(index, content, need, &members, search.trackers.groups, &effects)
    }

    /// Notes that a peer no longer waits for this content, and writes no more of it. In a standing
    /// job it also leaves the swarm; otherwise the content could never be forgotten.
    mutating func gaveUp(
        _ index: Int, _ content: ContentID, _ effects: inout Effects<TrackerEffect>
    ) {
        let rank = members[index].rank
        search.swarms.change(content) { rules.kind.isStanding ? $0.leave(rank) : $0.settle(rank) }
        rooms.measured(index, content, .none, &members, search.trackers.groups, &effects)
    }

    /// Releases the room of a peer that will write nothing more.
    mutating func releaseRoom(_ index: Int, _ effects: inout Effects<TrackerEffect>) {
        rooms.turned(members[index].rank, isGone: true, members, search.trackers.groups, &effects)
    }

    mutating func finished(_ index: Int, _ effects: inout Effects<TrackerEffect>) {
        members.finished(index)
        swarms.settle(members[index].rank)
        releaseRoom(index, &effects)
    }

    mutating func reported(
        _ index: Int, _ tail: RawSpan, _ count: UInt32, page: UInt32, isOver: Bool
    ) throws(WireError) {
        let entries = try ReportEntry.reading(tail, count: count)
        ownViolations += members[index].report.add(
            entries, page: page, atMost: rules.entriesPerPeerMax)
        if isOver { depart(index, as: .closed) }
    }
}
