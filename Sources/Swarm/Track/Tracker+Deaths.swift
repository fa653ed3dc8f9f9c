package import Vocabulary
import Wire

/// Ranks whose end is certain: their leases are not waited for.
extension Tracker {
    /// A supervisor, or another witness that can be certain, reports it.
    package mutating func died(
        _ rank: Rank, now: Tick, effects: inout Effects<TrackerEffect>
    ) {
        guard stage != .over, !dead.contains(rank) else { return }
        dead.append(rank)
        if rules.contains(rank), let index = place(of: rank), !peers[index].isGone {
            lose(index, &effects)
        }
        trackerDied(rank, now: now, &effects)
        advance(now: now, effects: &effects)
        tellChange(&effects)
    }
}
