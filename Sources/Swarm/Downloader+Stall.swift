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
            transfers[index].isFillable = true
            switch transfers[index].stage {
            case .asked, .opening: askSwarm(index, &effects)
            case .fetching where isIdle || transfers[index].isInDoubt:
                askSwarm(index, &effects)
                if isIdle && !isOwed(index) { reportStall(index, &effects) }
            case .proving:
                askSwarm(index, &effects)
                askTable(index, &effects)
                reportStall(index, &effects)
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

    private mutating func reportStall(_ index: Int, _ effects: inout Effects<DownloaderEffect>) {
        branches.stalls += 1
        // Who cannot get the manifest cannot get the content: it is that which is stalled.
        var outer = index
        if case .manifest(of: let parent) = transfers[index].purpose { outer = parent }
        guard let content = transfers[outer].content else { return }
        let message = TrackerMessage.stalled(
            content, missing: UInt32(transfers[index].queued.count),
            fingerprint: transfers[index].missingFingerprint)
        effects.append(.send(.tracker(message), .none, to: rules.tracker))
    }
}
