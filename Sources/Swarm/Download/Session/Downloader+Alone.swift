import Vocabulary
import Wire

/// When no tracker is heard any more. What is on its way from those whom we know is finished, and
/// what we have is served as long as somebody asks for it; nothing new can be found.
///
/// Nothing waits without an end: where nothing has come for longer than pieces take, nothing will.
extension Downloader {
    /// Safe to call early or late.
    mutating func reviewSolitude(now: Tick, _ effects: inout Effects<DownloaderEffect>) {
        guard isTrackerSilent(now: now), !joinNextTracker(now: now, &effects) else {
            if isAbandoned, !isTrackerSilent(now: now) { heardAgain(&effects) }
            return
        }
        // Who was not let in, or was about to go, knows nobody and serves nobody.
        guard stage == .running || stage == .done else { return abandon(&effects) }
        if !isAbandoned {
            isAbandoned = true
            fedAt = now
        }
        endure(now: now, &effects)
    }

    /// It was stopped, or on a crowded link.
    private mutating func heardAgain(_ effects: inout Effects<DownloaderEffect>) {
        isAbandoned = false
        guard isLingering else { return }
        isLingering = false
        effects.append(.tell(.lingering(false)))
    }

    private mutating func endure(now: Tick, _ effects: inout Effects<DownloaderEffect>) {
        let isStarved = now - fedAt >= solitudePatience
        for index in transfers.indices {
            switch transfers[index].stage {
            // Nobody else knows who has it.
            case .asked: failTransfer(index, .trackerLost, &effects)
            case .idle where !ownsWanted(index): failTransfer(index, .trackerLost, &effects)
            case .opening, .fetching, .proving:
                if isStarved { failTransfer(index, .trackerLost, &effects) }
            case .idle, .sharing, .finishing, .done, .failed: break
            }
        }
        for ticket in desk.catalog.drop() + desk.dropRolls() {
            effects.append(.report(.failed(ticket, .trackerLost)))
        }
        guard !isLingering, transfers.allSatisfy(\.isOver) else { return }
        isLingering = true
        effects.append(.tell(.lingering(true)))
    }

    /// On slow links a piece takes longer than a lease.
    private var solitudePatience: Duration {
        var longest = rules.lease * 2
        for index in transfers.indices where !transfers[index].isOver {
            longest = max(
                longest, transfers[index].timing.latest(times: 4) ?? firstPatience(index))
        }
        return longest
    }
}
