package import Vocabulary
import Wire

/// Ranks whose death is certain: the tracker does not wait for their leases to end.
extension Tracker {
    /// Called for a death that a supervisor, or another reliable witness, reported.
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
        broadcastChange(&effects)
    }
}
