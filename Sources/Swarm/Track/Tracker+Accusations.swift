package import Vocabulary
package import Wire

/// Ranks that other ranks accuse of wrong messages or pieces. A warning names each of them once.
///
/// A rank whose messages make no sense to more than half of the others cannot finish, and the job
/// must not wait for it: it is expelled, and so is a rank that floods them. A rank that sends wrong
/// pieces is asked for none, and may still get all of its own.
extension Tracker {
    mutating func accused(
        _ offender: Rank, _ complaint: Complaint, by accuser: Rank,
        _ effects: inout Effects<TrackerEffect>
    ) {
        guard rules.contains(offender), offender != accuser, let index = place(of: offender),
            !peers[index].isExpelled
        else { return }
        guard let weight = complaint.weight else {
            return name(index, (complaint, accuser), &effects)
        }
        peers[index].complaints.note(complaint, weight: weight, by: accuser)
        let others = peers.count { !$0.isGone && $0.rank != offender }
        let isExpelled = peers[index].complaints.accuserCount * 2 > others
        if isExpelled || peers[index].complaints.areConfirmed || !rules.isBatch {
            name(index, peers[index].complaints.first, &effects)
        }
        if isExpelled { expel(index, &effects) }
    }

    /// Names ranks with a single accuser, at the end, unless the accuser was expelled itself.
    mutating func nameUnconfirmed(_ effects: inout Effects<TrackerEffect>) {
        for index in peers.indices {
            let first = peers[index].complaints.first
            let accuser = first.flatMap { place(of: $0.accuser) }
            if let accuser, !peers[accuser].isExpelled { name(index, first, &effects) }
        }
    }

    private mutating func name(
        _ index: Int, _ first: (complaint: Complaint, accuser: Rank)?,
        _ effects: inout Effects<TrackerEffect>
    ) {
        guard let first, !peers[index].isAccused else { return }
        peers[index].isAccused = true
        warn(.accused(peers[index].rank, first.complaint, by: first.accuser), &effects)
    }

    /// The tracker itself cannot understand the rank, or is flooded by it.
    package mutating func suffered(
        _ complaint: Complaint, of offender: Rank, now: Tick, effects: inout Effects<TrackerEffect>
    ) {
        guard rules.contains(offender), let index = place(of: offender),
            !peers[index].isExpelled, let weight = complaint.weight
        else { return }
        name(index, (complaint, rules.rank), &effects)
        peers[index].senselessCount += weight
        guard peers[index].senselessCount >= Complaints.weightMin else { return }
        expel(index, &effects)
        advance(now: now, effects: &effects)
    }

    private mutating func expel(_ index: Int, _ effects: inout Effects<TrackerEffect>) {
        // A standing job does not wait for any peer.
        guard rules.isBatch, !peers[index].isGone else { return }
        peers[index].isExpelled = true
        move(index, to: .lost)
        catalog.leave(peers[index].rank)
        terminate(index, &effects)
        releaseRoom(index, &effects)
        guard let groups, !groups.isRoot else { return }
        sendToRoot(.news(of: peers[index].rank, .lost), &effects)
    }
}
