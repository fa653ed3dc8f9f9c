package import Vocabulary
package import Wire

/// Ranks that others do not believe any more. Each is named once.
///
/// A rank whose messages make no sense to more than half of the others cannot finish, and nobody is
/// to wait for it: it is expelled, and so is one that floods them. Fewer accusers may be wrong
/// themselves, and one message may have been spoilt on its way. A rank that sends wrong pieces is
/// asked for none, and may still get all of its own.
extension Tracker {
    private static var accusationsMin: Int { 2 }

    mutating func accused(
        _ offender: Rank, _ complaint: Complaint, by accuser: Rank,
        _ effects: inout Effects<TrackerEffect>
    ) {
        guard rules.contains(offender), offender != accuser, let index = place(of: offender),
            !peers[index].isExpelled
        else { return }
        name(index, complaint, by: accuser, &effects)
        guard let weight = Self.weight(of: complaint) else { return }
        peers[index].accusations[accuser, default: 0] += weight
        let accusers = peers[index].accusations.values.count { $0 >= Self.accusationsMin }
        let others = peers.count { !$0.isGone && $0.rank != offender }
        if accusers * 2 > others { expel(index, &effects) }
    }

    /// Nil where the offender may stay. A flood is many messages.
    private static func weight(of complaint: Complaint) -> Int? {
        switch complaint {
        case .nonsense: 1
        case .flood: accusationsMin
        case .wrongPieces: nil
        }
    }

    private mutating func name(
        _ index: Int, _ complaint: Complaint, by accuser: Rank,
        _ effects: inout Effects<TrackerEffect>
    ) {
        guard !peers[index].isAccused else { return }
        peers[index].isAccused = true
        warn(.accused(peers[index].rank, complaint, by: accuser), &effects)
    }

    /// This tracker itself does not understand that rank, or is flooded by it.
    package mutating func suffered(
        _ complaint: Complaint, of offender: Rank, now: Tick, effects: inout Effects<TrackerEffect>
    ) {
        guard rules.contains(offender), let index = place(of: offender),
            !peers[index].isExpelled, let weight = Self.weight(of: complaint)
        else { return }
        name(index, complaint, by: rules.rank, &effects)
        peers[index].senselessCount += weight
        guard peers[index].senselessCount >= Self.accusationsMin else { return }
        expel(index, &effects)
        advance(now: now, effects: &effects)
    }

    private mutating func expel(_ index: Int, _ effects: inout Effects<TrackerEffect>) {
        // Where peers come and go nobody waits for it.
        guard rules.isBatch, !peers[index].isGone else { return }
        peers[index].isExpelled = true
        move(index, to: .lost)
        catalog.leave(peers[index].rank)
        terminate(index, &effects)
        needsNoRoom(index, &effects)
        guard let groups, !groups.isRoot else { return }
        tell(.news(of: peers[index].rank, .lost), &effects)
    }
}
