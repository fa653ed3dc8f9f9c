import Vocabulary
import Wire

/// Handles ranks that other ranks accuse of wrong messages or pieces. A warning names each of them
/// once.
///
/// A rank whose messages make no sense to more than half of the others cannot finish, and the job
/// must not wait for it: it is expelled, and so is a rank that floods them. A rank that sends wrong
/// pieces is asked for none, and may still get all of its own.
extension Membership {
    /// Returns the row of the offender if it has to be expelled.
    mutating func accused(
        _ offender: Rank, _ complaint: Complaint, by accuser: Rank,
        _ effects: inout Effects<TrackerEffect>
    ) -> Int? {
        guard offender != accuser, let index = place(of: offender), !self[index].isExpelled
        else { return nil }
        guard let weight = complaint.weight else {
            name(index, (complaint, accuser), &effects)
            return nil
        }
        self[index].complaints.note(complaint, weight: weight, by: accuser)
        let others = rows.count { !$0.isGone && $0.rank != offender }
        if self[index].complaints.accuserCount * 2 > others { return index }
        if self[index].complaints.areConfirmed || rules.kind.isStanding { name(index, &effects) }
        return nil
    }

    /// Handles a rank that the tracker itself cannot understand, or that floods it. Returns the row
    /// of the rank if it has to be expelled.
    mutating func suffered(
        _ complaint: Complaint, of offender: Rank, _ effects: inout Effects<TrackerEffect>
    ) -> Int? {
        guard let index = place(of: offender), !self[index].isExpelled,
            let weight = complaint.weight
        else { return nil }
        name(index, (complaint, rules.rank), &effects)
        return self[index].complaints.noteOwn(weight: weight) ? index : nil
    }

    /// Names, at the end, the ranks with a single accuser, unless the accuser was expelled itself.
    mutating func nameUnconfirmed(_ effects: inout Effects<TrackerEffect>) {
        for index in indices {
            let accuser = self[index].complaints.first.flatMap { place(of: $0.accuser) }
            if let accuser, !self[accuser].isExpelled { name(index, &effects) }
        }
    }

    /// Expels a rank. Returns false if it stays, because a standing job does not wait for any peer.
    mutating func expel(_ index: Int, _ effects: inout Effects<TrackerEffect>) -> Bool {
        name(index, &effects)
        guard !rules.kind.isStanding, !self[index].isGone else { return false }
        self[index].complaints.isExpelled = true
        return true
    }

    private mutating func name(_ index: Int, _ effects: inout Effects<TrackerEffect>) {
        guard let first = self[index].complaints.first else { return }
        name(index, first, &effects)
    }

    private mutating func name(
        _ index: Int, _ first: (complaint: Complaint, accuser: Rank),
        _ effects: inout Effects<TrackerEffect>
    ) {
        guard self[index].complaints.name() else { return }
        effects.append(
            .order(.warn(.accused(self[index].rank, first.complaint, by: first.accuser))))
    }
}
