package import Vocabulary
import Wire

/// The steps from one stage of the job to the next.
extension Tracker {
    /// Takes every step that has become possible.
    mutating func advance(now: Tick, effects: inout Effects<TrackerEffect>) {
        if members.stage == .running { group.admitLate(&effects) }
        let phase = members.phase
        let isNew = group.search.trackers.groups.ownPhase != phase
        let living = members.livingCount
        group.search.trackers.groups.setPhase(of: rules.rank, phase, peers: living)
        if isNew { reportPhase(&effects) }
        guard isRoot else { return }
        let deadCount = deadPeerCount
        let before = members.stage
        if members.stage == .gathering {
            let isComplete = group.search.trackers.groups.isUnanimous(
                .ready, deadCount: deadCount, now: now)
            gather(isComplete: isComplete, now: now, &effects)
        }
        if members.stage == .running, before == .running,
            ending.isWanted
                || group.search.trackers.groups.isUnanimous(.done, deadCount: deadCount, now: now)
                || isRefused(now: now, &effects)
        {
            close(&effects)
        }
        if members.stage == .closing, before == .closing,
            group.search.trackers.groups.isUnanimous(.closed, deadCount: deadCount, now: now)
        {
            end(&effects)
        }
        guard members.stage != before else { return }
        group.search.trackers.groups.broadcast(stage, &effects)
        advance(now: now, effects: &effects)
    }

    /// Handles a peer that cannot take part. Bad input ends the job; a peer whose own disk is at
    /// fault fails alone, and states that in its report.
    mutating func prepared(
        _ index: Int, _ readiness: Readiness, _ tail: RawSpan, now: Tick,
        effects: inout Effects<TrackerEffect>
    ) throws(WireError) {
        guard readiness != .ready else { return }
        guard tail.byteCount > 0 else { throw .malformed }
        let bytes = try tail.readBytes(min(tail.byteCount, Self.textMax))
        let text = String(decoding: bytes, as: UTF8.self)
        switch readiness {
        case .ready: break
        case .warned:
            guard members[index].admitWarning() else { return }
            group.warn(.noted(members[index].rank, text), &effects)
        case .notReady: if members[index].trouble.isEmpty { members[index].trouble = text }
        case .badInput:
            guard mayRefuse else { return }
            members.move(index, to: .refused)
            members[index].refusal = text
            ending.refuse(now: now)
        }
    }

    /// Whether it is early enough for bad input to end the job.
    var mayRefuse: Bool {
        members.stage == .gathering || rules.kind.isStanding && members.stage == .running
    }

    /// The length of a text that rank 0 prints for another rank.
    static var textMax: Int { 4096 }

    /// Ends the job at the request of a user.
    mutating func shutDown(_ effects: inout Effects<TrackerEffect>) {
        guard rules.kind.isStanding else {
            group.ownViolations += 1
            return
        }
        // A peer repeats the request until it is answered.
        guard members.stage == .running else { return }
        ending.want()
        group.sendToRoot(.shutdown, &effects)
    }

    /// A standing job with bad input ends when all ranks have had time to report theirs.
    func isRefused(now: Tick, _ effects: inout Effects<TrackerEffect>) -> Bool {
        rules.kind.isStanding && ending.isDue(now: now, &effects)
    }

    mutating func gather(
        isComplete: Bool, now: Tick, _ effects: inout Effects<TrackerEffect>
    ) {
        if ending.isRefused, isComplete || ending.isDue(now: now, &effects) {
            return close(&effects)
        }
        if isComplete, !members.isForsaken(now: now) { begin(now: now, &effects) }
    }

    mutating func begin(now: Tick, _ effects: inout Effects<TrackerEffect>) {
        let disagreements = swarms.catalog.disagreements()
        if rules.kind.ownersMustAgree, let first = disagreements.first {
            ending.disagree(on: first.name, first.owners)
            return close(&effects)
        }
        members.stage = .running
        group.enterWanters()
        for (name, owners) in disagreements {
            // Other groups may own a third content of that name.
            guard !group.search.beginQuery(.name(name), now: now, &effects) else { continue }
            group.warn(.disagreement(name, owners: owners), &effects)
        }
        group.search.endQueries(group.members, now: now, &effects)
    }

    /// Ends the job at the user's time limit: all peers report what they have.
    package mutating func giveUp(now: Tick, effects: inout Effects<TrackerEffect>) {
        guard members.stage == .gathering || members.stage == .running else { return }
        close(&effects)
        group.search.trackers.groups.broadcast(stage, &effects)
        advance(now: now, effects: &effects)
    }

    mutating func end(_ effects: inout Effects<TrackerEffect>) {
        members.stage = .over
        effects.append(.order(.over))
    }

    mutating func close(_ effects: inout Effects<TrackerEffect>) {
        members.stage = .closing
        members.nameUnconfirmed(&effects)
        // In a standing job a peer that left may come back, and a lost peer may only be stopped.
        for index in members.indices where !members[index].isGone || rules.kind.isStanding {
            group.terminate(index, &effects)
        }
    }
}
