package import Vocabulary
import Wire

/// The steps from one stage of the job to the next.
extension Tracker {
    mutating func finished(_ index: Int) {
        peers[index].isDone = true
        catalog.settle(peers[index].rank)
        if peers[index].stage == .joined { move(index, to: .finished) }
    }

    mutating func reported(
        _ index: Int, _ tail: RawSpan, _ count: UInt32, page: UInt32, isOver: Bool
    ) throws(WireError) {
        let entries = try ReportEntry.reading(tail, count: count)
        violations += peers[index].addReport(entries, page: page, atMost: rules.entriesPerPeerMax)
        guard isOver else { return }
        move(index, to: .closed)
        catalog.leave(peers[index].rank)
    }

    /// Takes every step that has become possible.
    mutating func advance(now: Tick, effects: inout Effects<TrackerEffect>) {
        guard groups == nil else { return advanceGroups(now: now, effects: &effects) }
        if stage == .gathering { gather(now: now, effects: &effects) }
        if stage == .running { admitLate(&effects) }
        if stage == .running, isIdle || isRefused(now: now, &effects) {
            close(&effects)
        }
        if stage == .closing, count(.closed, .lost) == peers.count {
            stage = .over
            effects.append(.over)
        }
    }

    var isIdle: Bool {
        rules.staysOpen
            ? count(.lost) == peers.count : count(.finished, .closed, .lost) == peers.count
    }

    /// Ends the job at the request of a user.
    mutating func shutDown(_ effects: inout Effects<TrackerEffect>) {
        guard rules.staysOpen else {
            violations += 1
            return
        }
        // A peer repeats the request until it is answered.
        guard stage == .running else { return }
        guard groups == nil else {
            isEndWanted = true
            return sendToRoot(.shutdown, &effects)
        }
        close(&effects)
    }

    /// A standing job with bad input ends when all ranks have had time to report theirs.
    func isRefused(now: Tick, _ effects: inout Effects<TrackerEffect>) -> Bool {
        guard rules.staysOpen, let refusedSince else { return false }
        let end = refusedSince + rules.refusalPatience
        if now < end { effects.append(.wake(at: end)) }
        return now >= end
    }

    private mutating func gather(now: Tick, effects: inout Effects<TrackerEffect>) {
        let isComplete = count(.listed, .refused, .closed, .lost) == peers.count
        if let refusedSince {
            if isComplete || now >= refusedSince + rules.refusalPatience { return close(&effects) }
            effects.append(.wake(at: refusedSince + rules.refusalPatience))
        }
        if isComplete, !isForsaken(now: now) { begin(now: now, &effects) }
    }

    mutating func begin(now: Tick, _ effects: inout Effects<TrackerEffect>) {
        let disagreements = catalog.disagreements()
        if rules.demandsAgreement, let first = disagreements.first {
            disagreement = first
            return close(&effects)
        }
        stage = .running
        enterWanters()
        for (name, owners) in disagreements {
            // Other groups may own a third content of that name.
            guard overlay == nil else {
                beginQuery(.name(name), now: now, &effects)
                continue
            }
            effects.append(.warn(.disagreement(name, owners: owners)))
        }
        endQueries(now: now, &effects)
    }

    /// Lets in peers whose lists came after the job began, such as ranks that are back.
    mutating func admitLate(_ effects: inout Effects<TrackerEffect>) {
        guard count(.listed) > 0 else { return }
        for index in peers.indices where peers[index].stage == .listed {
            move(index, to: peers[index].isDone ? .finished : .joined)
            enterWants(of: index)
            send(.joinAck(peers: UInt32(rules.peerCount)), to: index, &effects)
        }
    }

    /// Ends the job because the user has waited long enough: all peers report what they have.
    package mutating func giveUp(now: Tick, effects: inout Effects<TrackerEffect>) {
        guard stage == .gathering || stage == .running else { return }
        close(&effects)
        broadcastStage(&effects)
        advance(now: now, effects: &effects)
    }

    mutating func close(_ effects: inout Effects<TrackerEffect>) {
        stage = .closing
        nameUnconfirmed(&effects)
        // A standing job's peer that left may come back, and a lost one may only be stopped.
        for index in peers.indices where !peers[index].isGone || rules.staysOpen {
            terminate(index, &effects)
        }
    }

    func terminate(_ index: Int, _ effects: inout Effects<TrackerEffect>) {
        effects.append(.send(.upload(.terminate), .none, to: peers[index].rank))
    }
}
