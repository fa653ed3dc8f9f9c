import Vocabulary
import Wire

/// Handles transfers without a source for their missing pieces, and reports them to the tracker.
extension Sourcing {
    /// Asks the tracker for other members, and reports a stall, where nothing is in flight and no
    /// known rank has the missing pieces. The tracker knows when that is true of every peer.
    mutating func refreshStalled(now: Tick, effects: inout Effects<DownloaderEffect>) {
        for index in transfers.indices {
            let isFetching = transfers[index].stage == .fetching
            let isIdle =
                transfers[index].board.inFlightCount == 0
                && transfers[index].pace.recentPieces == 0
            transfers[index].pace.reviewHunger(
                now: now, isFetching: isFetching, patienceMin: rules.aliveInterval,
                first: rules.offersPatience)
            transfers[index].sources.awaitNone()
            transfers[index].inquiry.proofOfLifeSent()
            transfers[index].filling = .due
            switch transfers[index].stage {
            case .asked: askSwarm(index, &effects)
            case .opening:
                askSwarm(index, &effects)
                // A tracker that this rank has left may have got the answer.
                if !transfers[index].isSettled { transfers[index].reportNeed(journal, &effects) }
            case .fetching:
                guard isIdle || transfers[index].inquiry.isInDoubt else { continue }
                askSwarm(index, &effects)
                if isIdle && !isOwed(index) && !isInQueue(index) { reportStall(index, &effects) }
            case .proving:
                askSwarm(index, &effects)
                transfers[index].askTable(&effects)
                // A witness is still digesting, and its table may be all that is needed; so is a
                // rank that takes over.
                let proof = transfers[index].proof
                if !proof.isWitness, !proof.awaitsOwnTable { reportStall(index, &effects) }
            case .idle, .sharing, .finishing, .done, .failed: break
            }
        }
    }

    /// Handles the certain death of a rank. If only its table is missing, the tracker names another
    /// publisher at once.
    mutating func publisherDied(_ dead: Rank, _ effects: inout Effects<DownloaderEffect>) {
        for index in transfers.indices where transfers[index].proof.publisher == dead {
            transfers[index].proof.isOrphaned = true
            reportOrphan(index, &effects)
        }
    }

    mutating func reportOrphan(
        _ index: TransferIndex, _ effects: inout Effects<DownloaderEffect>
    ) {
        guard transfers[index].stage == .proving, transfers[index].proof.isOrphaned,
            transfers[index].proof.seal == nil
        else { return }
        reportStall(index, &effects)
    }

    /// Whether a source that is still a member has promised a piece: a source that many ranks ask
    /// is often late.
    private func isOwed(_ index: TransferIndex) -> Bool {
        exchange.requests.isOwed(index, by: transfers[index].sources.members)
    }

    /// Whether a source that is still a member waits with its offer until this rank has received
    /// other pieces.
    private func isInQueue(_ index: TransferIndex) -> Bool {
        guard exchange.requests.rows.contains(where: { $0.stage == .asked }) else { return false }
        return exchange.bids.sourcesInQueue(of: transfers[index].content).contains { rank in
            guard let place = transfers[index].sources.place(of: rank) else { return false }
            let source = transfers[index].sources[place]
            return !source.isDistrusted && transfers[index].sources.members.contains(rank)
                && !exchange.requests.isInArrears(index, source)
        }
    }

    /// Finds out whether a stall is certain, so that no rank needs to wait. When no peer that
    /// answers has the missing pieces, the tracker is asked once more for the members; when all of
    /// those have answered too, the stall is certain.
    mutating func reviewStall(
        _ index: TransferIndex, _ effects: inout Effects<DownloaderEffect>
    ) {
        guard transfers[index].inquiry.isBereaved, tellsOfAll, !rules.kind.isStanding,
            transfers[index].isFile, hasNothingToAskFor(index)
        else {
            transfers[index].inquiry.membersAreFresh = nil
            return
        }
        guard let isFresh = transfers[index].inquiry.membersAreFresh else {
            guard transfers[index].inquiry.mayAskMembers() else { return }
            return askSwarm(index, &effects)
        }
        let fingerprint = transfers[index].board.missingFingerprint
        guard isFresh, !transfers[index].inquiry.isReported(fingerprint),
            isStalledForCertain(index)
        else { return }
        transfers[index].inquiry.reported(fingerprint)
        reportStall(index, &effects)
    }

    private func hasNothingToAskFor(_ index: TransferIndex) -> Bool {
        transfers[index].hasNothingToAskFor && !exchange.requests.awaits(index)
    }

    private func isStalledForCertain(_ index: TransferIndex) -> Bool {
        transfers[index].inquiry.membersAreFresh == true && hasNothingToAskFor(index)
            && transfers[index].areMembersUseless(to: rank)
    }

    private mutating func reportStall(
        _ index: TransferIndex, _ effects: inout Effects<DownloaderEffect>
    ) {
        journal.branches.stalls += 1
        // A rank that cannot get a manifest cannot get its content, so the content is reported as
        // stalled.
        let outer = transfers.outer(of: index)
        guard let content = transfers[outer].content else { return }
        var missing = UInt32(transfers[index].board.queued.count)
        if transfers[index].duty.isCompared {
            // The publisher of a dry run is not stalled while it digests. A receiver reports that
            // it lacks at least one piece, because the tracker would make a receiver that lacks
            // nothing the next publisher.
            guard transfers[index].proof.publisher != rank else { return }
            missing = max(1, missing)
        }
        // Wrong pieces are fetched once the whole table is here. If its publisher is gone, the
        // tracker searches another rank with that table only for members that lack no piece.
        if transfers[index].awaitsFinalTable { missing = 0 }
        let isWrong = !transfers[index].board.queued.isEmpty
        let isInDoubt = missing == 0 && (isWrong || !transfers[index].mayPublish)
        let message = TrackerMessage.stalled(
            content, missing: missing,
            fingerprint: isInDoubt
                ? StallReport.inDoubt : transfers[index].board.missingFingerprint,
            isCertain: outer == index && isStalledForCertain(index))
        journal.report(message, &effects)
    }
}
