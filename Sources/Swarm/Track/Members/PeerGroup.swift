import Vocabulary
import Wire

/// One tracker's group of peers: how they join, show that they live, and leave, and what follows
/// from that for the swarms, for the room on the disks, and for the root. Invariant: a lost or
/// closed peer is in no swarm.
struct PeerGroup {
    let rules: TrackerRules
    var members: Membership
    var search: Search
    var rooms: RoomSharing
    var collected: CollectedContents
    /// The number of messages that an honest peer would not have sent at that moment.
    var ownViolations = 0

    init(_ rules: TrackerRules, now: Tick) {
        self.rules = rules
        members = Membership(rules, now: now)
        search = Search(rules, now: now)
        rooms = RoomSharing(rules)
        collected = CollectedContents(rules.collected)
    }

    var swarms: Swarms {
        _read { yield search.swarms }
        _modify { yield &search.swarms }
    }

    var violations: Int { ownViolations + search.violations }

    /// The row of the peer that sent the message; nil where the message is to be ignored.
    mutating func sender(
        _ rank: Rank, of message: TrackerMessage, now: Tick,
        _ effects: inout Effects<TrackerEffect>
    ) throws(WireError) -> Int? {
        guard rules.unordered.isEmpty || !rules.unordered.contains(rank) else {
            // The lease of a rank without an order is not renewed: otherwise the job would wait for
            // its list, and the rank for an order.
            effects.append(
                .send(.download(.order(page: 0, isLast: true)), .none, to: rank))
            return nil
        }
        // A message of a dead rank may arrive after the report of its death.
        guard !members.dead.contains(rank) else { return nil }
        guard let index = members.place(of: rank) ?? adopt(rank, message, now: now),
            !members[index].isExpelled
        else { return nil }
        renewLease(of: index, by: message, now: now, &effects)
        try noteMember(rank, by: message)
        // A closed account stays closed, except where peers may come back. Every `leave` is
        // answered, and the user of a rank that has left may still end the job.
        if members[index].stage == .closed, message == .join, rules.kind.isStanding {
            members.restart(index)
        }
        let isHeard = message == .leave || message == .shutdown && rules.kind.isStanding
        return members[index].stage != .closed || isHeard ? index : nil
    }

    /// Takes in a peer of another group, which has lost its own tracker.
    private mutating func adopt(_ rank: Rank, _ message: TrackerMessage, now: Tick) -> Int? {
        guard message == .join || message == .leave && rules.kind.isStanding else { return nil }
        return members.adopt(rank, now: now)
    }

    /// A peer that lists, measures or reports here is in this group, whatever a tracker that it has
    /// left says of it.
    private mutating func noteMember(
        _ rank: Rank, by message: TrackerMessage
    ) throws(WireError) {
        let own = rules.rank
        switch message {
        case .fileList(_, _, isLast: true), .measured, .report:
            try search.trackers.groups.accounts.note(own, for: rank)
        default: break
        }
    }

    private mutating func renewLease(
        of index: Int, by message: TrackerMessage, now: Tick,
        _ effects: inout Effects<TrackerEffect>
    ) {
        guard members.renewLease(of: index, now: now) else { return }
        warn(.returned(members[index].rank), &effects)
        rooms.turned(members[index].rank, isGone: false, members, search.trackers.groups, &effects)
        if message != .join { invite(index, &effects) }
    }

    /// Asks a peer for its list, or ends the peer if it is too late for lists.
    private mutating func invite(_ index: Int, _ effects: inout Effects<TrackerEffect>) {
        switch members.stage {
        case .gathering, .running:
            members.move(index, to: .listing)
            send(.fileListRequest, to: index, &effects)
        case .closing, .over: terminate(index, &effects)
        }
    }

    mutating func joined(_ index: Int, _ effects: inout Effects<TrackerEffect>) {
        switch members[index].stage {
        case .absent, .listing: invite(index, &effects)
        case .joined, .finished:
            swarms.repeatNews(to: members[index].rank)
            acknowledge(index, &effects)
        case .listed, .refused, .closed, .lost: break
        }
    }

    private func acknowledge(_ index: Int, _ effects: inout Effects<TrackerEffect>) {
        send(.joinAck(peers: UInt32(rules.peerCount)), to: index, &effects)
    }

    /// Lets in peers whose lists came after the job began, such as ranks that are back.
    mutating func admitLate(_ effects: inout Effects<TrackerEffect>) {
        guard members.count(.listed) > 0 else { return }
        for index in members.indices where members[index].stage == .listed {
            members.move(index, to: members[index].isDone ? .finished : .joined)
            swarms.enter(members[index])
            acknowledge(index, &effects)
        }
    }

    mutating func left(_ index: Int, _ effects: inout Effects<TrackerEffect>) {
        send(.leaveAck, to: index, &effects)
        depart(index, as: .closed)
        releaseRoom(index, &effects)
        if rules.kind.isStanding { sendToRoot(.news(of: members[index].rank, .left), &effects) }
    }

    mutating func lose(_ index: Int, _ effects: inout Effects<TrackerEffect>) {
        depart(index, as: .lost)
        let rank = members[index].rank
        guard !search.trackers.groups.isElsewhere(rank) else { return }
        warn(rules.warning(ofLost: rank, isDead: members.dead.contains(rank)), &effects)
        releaseRoom(index, &effects)
    }

    mutating func expel(_ index: Int, _ effects: inout Effects<TrackerEffect>) {
        guard members.expel(index, &effects) else { return }
        depart(index, as: .lost)
        terminate(index, &effects)
        releaseRoom(index, &effects)
        sendToRoot(.news(of: members[index].rank, .lost), &effects)
    }

    mutating func accused(
        _ offender: Rank, _ complaint: Complaint, by accuser: Rank,
        _ effects: inout Effects<TrackerEffect>
    ) {
        if offender != accuser { swarms.accuse(offender) }
        guard let index = members.accused(offender, complaint, by: accuser, &effects)
        else { return }
        expel(index, &effects)
    }

    /// Removes a peer that has left or is lost from every swarm.
    mutating func depart(_ index: Int, as stage: PeerRow.Stage) {
        members.move(index, to: stage)
        swarms.leave(members[index].rank)
        search.lists.forget(index)
    }

    mutating func expireLeases(now: Tick, _ effects: inout Effects<TrackerEffect>) {
        guard !members.isForsaken(now: now) else { return }
        for index in members.silent(now: now) { lose(index, &effects) }
        for index in members.hopeless(now: now) {
            swarms.discount(members[index].rank, now: now)
            if members.waitsOnlyForAccused { expel(index, &effects) }
        }
        guard rules.kind.isStanding else { return }
        for index in members.vanished(now: now) {
            depart(index, as: .lost)
            sendToRoot(.news(of: members[index].rank, .vanished), &effects)
        }
    }

    func terminate(_ index: Int, _ effects: inout Effects<TrackerEffect>) {
        let message: UploadMessage = mayRemoveSource(index) ? .collected : .terminate
        effects.append(.send(.upload(message), .none, to: members[index].rank))
    }

    private func mayRemoveSource(_ index: Int) -> Bool {
        guard rules.removal != .never, members.stage == .closing, !members[index].isExpelled
        else { return false }
        return collected.mayRemove(members[index].rank, by: rules.removal) { writer in
            members.place(of: writer).map { place in
                let row = members[place]
                return !row.isExpelled && row.stage != .lost
            } ?? false
        }
    }

    mutating func named(_ content: ContentID, by index: Int) {
        // An heir does not know what is collected, and no source is removed under it.
        guard rules.inheritance == nil else { return }
        if !collected.named(content, by: members[index].rank) { ownViolations += 1 }
    }

    func send(_ message: DownloadMessage, to index: Int, _ effects: inout Effects<TrackerEffect>) {
        effects.append(.send(.download(message), .none, to: members[index].rank))
    }

    /// Makes rank 0 print a warning, whichever tracker it comes from.
    func warn(_ warning: TrackerWarning, _ effects: inout Effects<TrackerEffect>) {
        search.trackers.groups.warn(warning, &effects)
    }

    /// Sends a message to the root, unless this tracker is the root.
    func sendToRoot(
        _ message: GroupMessage, tail: Tail = .none, _ effects: inout Effects<TrackerEffect>
    ) {
        search.trackers.groups.sendToRoot(message, tail: tail, &effects)
    }

    func checkInvariants() {
        members.checkInvariants()
        search.checkInvariants()
        rooms.checkInvariants()
        collected.checkInvariants()
        for row in swarms.catalog.swarms {
            for member in row.members {
                let isHere = members.place(of: member.rank).map { !members[$0].isGone } ?? false
                precondition(isHere, "a lost or closed peer is still in a swarm")
            }
        }
    }
}
