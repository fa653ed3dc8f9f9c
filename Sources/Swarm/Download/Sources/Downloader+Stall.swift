import Vocabulary
import Wire

/// From no sources left to telling the tracker so.
extension Downloader {
    /// Where nothing is in flight and nobody known has what is missing, the tracker is asked who
    /// else is there, and told: it knows when that is true of everybody.
    mutating func refreshStalled(now: Tick, effects: inout Effects<DownloaderEffect>) {
        guard stage == .running else { return }
        for index in transfers.indices {
            let isIdle =
                transfers[index].inFlightCount == 0 && transfers[index].recentPieces == 0
            transfers[index].reviewHunger(
                now: now, patienceMin: rules.aliveInterval, first: rules.offersPatience)
            transfers[index].awaitNobody()
            transfers[index].freshAsks = 0
            transfers[index].isFillable = true
            switch transfers[index].stage {
            case .asked, .opening: askSwarm(index, &effects)
            case .fetching where isIdle || transfers[index].isInDoubt:
                askSwarm(index, &effects)
                if isIdle && !isOwed(index) { reportStall(index, &effects) }
            case .proving:
                askSwarm(index, &effects)
                askTable(index, &effects)
                // What is digested here may be all that is needed.
                if !transfers[index].proof.isWitness { reportStall(index, &effects) }
            default: break
            }
        }
    }

    /// Somebody who is still there promised a piece and is late with it. Where a source is asked
    /// by many that is nothing unusual.
    private func isOwed(_ index: Int) -> Bool {
        let members = transfers[index].members
        return requests.contains {
            $0.transfer == index && $0.stage == .late && $0.acknowledgedAt != nil
                && members.contains($0.source)
        }
    }

    /// Where no peer that answers has what is missing there is no need to wait: the tracker is
    /// asked once more who is in the swarm, and when all of those have answered as well it is
    /// certain.
    mutating func reviewStall(_ index: Int, _ effects: inout Effects<DownloaderEffect>) {
        guard transfers[index].isBereaved, tellsOfAll, !rules.isLive,
            case .want = transfers[index].purpose, hasNothingToAskFor(index)
        else {
            transfers[index].membersAreFresh = nil
            return
        }
        guard let isFresh = transfers[index].membersAreFresh else {
            guard transfers[index].freshAsks < Transfer.freshAsksMax else { return }
            transfers[index].freshAsks += 1
            transfers[index].membersAreFresh = false
            return askSwarm(index, &effects)
        }
        let fingerprint = transfers[index].missingFingerprint
        guard isFresh, transfers[index].certainFingerprint != fingerprint,
            isStalledForCertain(index)
        else { return }
        transfers[index].certainFingerprint = fingerprint
        reportStall(index, &effects)
    }

    /// Nothing is on its way, and no source that may be asked has what is missing.
    private func hasNothingToAskFor(_ index: Int) -> Bool {
        transfers[index].stage == .fetching && transfers[index].inFlightCount == 0
            && !transfers[index].queued.isEmpty
            && transfers[index].sources.allSatisfy {
                $0.useful == 0 || $0.isDistrusted || $0.hasVanished
            }
            && !requests.contains { $0.transfer == index && $0.stage != .withdrawn }
    }

    /// Every member has said what it holds, and it is nothing that is missing here.
    private func isStalledForCertain(_ index: Int) -> Bool {
        guard transfers[index].membersAreFresh == true, hasNothingToAskFor(index) else {
            return false
        }
        let members = transfers[index].members
        return (members.seeds + members.peers).allSatisfy { member in
            guard member != rank else { return true }
            guard let place = transfers[index].roster.place(of: member) else { return false }
            let source = transfers[index].sources[place]
            return source.hasSaid && !source.hasLeft && !source.hasVanished
                && (source.useful == 0 || source.isDistrusted)
        }
    }

    private mutating func reportStall(_ index: Int, _ effects: inout Effects<DownloaderEffect>) {
        branches.stalls += 1
        // Who cannot get the manifest cannot get the content: it is that which is stalled.
        var outer = index
        if case .manifest(of: let parent) = transfers[index].purpose { outer = parent }
        guard let content = transfers[outer].content else { return }
        var missing = UInt32(transfers[index].queued.count)
        if transfers[index].isCompared {
            // While the publisher of a dry run digests, it is not stuck. A receiver lacks at least
            // the answer: with nothing missing it would be made the next publisher.
            guard transfers[index].proof.publisher != rank else { return }
            missing = max(1, missing)
        }
        let message = TrackerMessage.stalled(
            content, missing: missing,
            fingerprint: transfers[index].missingFingerprint,
            isCertain: outer == index && isStalledForCertain(index))
        effects.append(.send(.tracker(message), .none, to: rules.tracker))
    }
}
