package import Vocabulary
package import Wire

/// Handles ranks for which the tracker does not wait although their leases have not ended: their
/// death is certain, or their messages make no sense.
extension Tracker {
    /// Called for a death that a supervisor, or another reliable witness, reported.
    package mutating func died(_ rank: Rank, now: Tick, effects: inout Effects<TrackerEffect>) {
        guard members.stage != .over, members.noteDeath(of: rank) else { return }
        if let index = members.place(of: rank), !members[index].isGone {
            group.lose(index, &effects)
            group.swarms.replacePublishers(&effects)
        }
        group.swarms.remoteDied(rank)
        trackerDied(rank, now: now, &effects)
        advance(now: now, effects: &effects)
        broadcastChange(&effects)
    }

    /// Handles a rank that the tracker itself cannot understand, or that floods it.
    package mutating func suffered(
        _ complaint: Complaint, of offender: Rank, now: Tick, effects: inout Effects<TrackerEffect>
    ) {
        swarms.accuse(offender)
        guard let index = members.suffered(complaint, of: offender, &effects) else { return }
        group.expel(index, &effects)
        advance(now: now, effects: &effects)
    }
}
