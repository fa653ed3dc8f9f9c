import Vocabulary
import Wire

/// Informs peers that wait for a content without seeds. In jobs that peers may leave, a content may
/// lose its last seed; several trackers can find that out only together.
extension Search {
    /// Handles contents that a peer of this group no longer has.
    mutating func withdrawn(
        _ contents: [ContentID], _ members: Membership, now: Tick,
        _ effects: inout Effects<TrackerEffect>
    ) {
        guard rules.kind.isStanding else { return }
        let gone = contents.filter { content in
            swarms.index(of: content).map { swarms[$0].seedCount == 0 } ?? true
        }
        trackers.groups.announce(withdrawn: gone, &effects)
        for content in gone { doubt(content, now: now, &effects) }
        endQueries(members, now: now, &effects)
    }

    /// Handles contents that no peer of another group has any more.
    mutating func withdrawn(
        _ tail: RawSpan, _ count: UInt32, by tracker: Rank, _ members: Membership, now: Tick,
        _ effects: inout Effects<TrackerEffect>
    ) throws(WireError) {
        guard tail.byteCount == Int(count) * 16 else { throw .malformed }
        var cursor = 0
        for _ in 0..<count {
            let content = try tail.readContent(&cursor)
            swarms.change(content) { $0.remote.forget(tracker) }
            doubt(content, now: now, &effects)
        }
        endQueries(members, now: now, &effects)
    }

    /// Asks the other groups for a seed if a peer of this group waits for the content.
    private mutating func doubt(
        _ content: ContentID, now: Tick, _ effects: inout Effects<TrackerEffect>
    ) {
        guard let found = swarms.index(of: content), swarms[found].seedCount == 0,
            swarms[found].waiting.first != nil
        else { return }
        // Answers that are under way may have been sent before the content was gone.
        guard !trackers.overlay.isPending(.content(content)) else {
            return doubts.outdate(content)
        }
        guard beginQuery(.content(content), now: now, &effects) else {
            return swarms.announceWithdrawal(content, &effects)
        }
        doubts.ask(content)
    }

    /// Handles the answers of the other groups to the question whether they have a seed.
    mutating func reviewWithdrawal(
        of content: ContentID, now: Tick, _ effects: inout Effects<TrackerEffect>
    ) {
        switch doubts.answered(content) {
        case .outdated: doubt(content, now: now, &effects)
        case .answered: swarms.announceWithdrawal(content, &effects)
        case nil: break
        }
    }
}
