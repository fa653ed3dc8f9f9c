import Vocabulary
import Wire

/// In jobs that peers may leave, a content that one of them no longer has may have no seed left:
/// the peers that wait for it are informed. Several trackers know that only together.
extension Tracker {
    /// A peer of this group no longer has these contents.
    mutating func withdrawn(
        _ contents: [ContentID], now: Tick, _ effects: inout Effects<TrackerEffect>
    ) {
        guard !rules.isBatch else { return }
        guard let groups else {
            for content in contents { announceWithdrawal(content, &effects) }
            return
        }
        let gone = contents.filter { content in
            catalog.index(of: content).map { catalog[$0].seedCount == 0 } ?? true
        }
        for start in stride(from: 0, to: gone.count, by: Self.contentsPerMessage) {
            let page = gone[start..<min(gone.count, start + Self.contentsPerMessage)]
            let tail = effects.tail { bytes in
                for content in page { bytes.write(content) }
            }
            let message = OverlayMessage.withdrawn(count: UInt32(page.count))
            for tracker in groups.living {
                effects.append(.send(.overlay(message), tail, to: tracker))
            }
        }
        for content in gone { doubt(content, now: now, &effects) }
        endQueries(now: now, &effects)
    }

    private static var contentsPerMessage: Int { Head.tailMax / 16 }

    /// No peer of another group has these contents any more.
    mutating func withdrawn(
        _ tail: RawSpan, _ count: UInt32, by tracker: Rank, now: Tick,
        _ effects: inout Effects<TrackerEffect>
    ) throws(WireError) {
        guard tail.byteCount == Int(count) * 16 else { throw .malformed }
        var cursor = 0
        for _ in 0..<count {
            let content = try tail.readContent(&cursor)
            catalog.change(content) { $0.remote.forget(tracker) }
            doubt(content, now: now, &effects)
        }
        endQueries(now: now, &effects)
    }

    /// Asks the other groups for a seed, where a peer of this group waits for the content.
    private mutating func doubt(
        _ content: ContentID, now: Tick, _ effects: inout Effects<TrackerEffect>
    ) {
        guard let found = catalog.index(of: content), catalog[found].seedCount == 0,
            catalog[found].waiting.first != nil
        else { return }
        // Answers that are under way may have been sent before the content was gone.
        if overlay?.isPending(.content(content)) == true {
            if !doubts.contains(content) { doubts.append(content) }
            return
        }
        guard beginQuery(.content(content), now: now, &effects) else {
            return announceWithdrawal(content, &effects)
        }
        if !withdrawals.contains(content) { withdrawals.append(content) }
    }

    /// The other groups have answered whether they have a seed.
    mutating func reviewWithdrawal(
        of content: ContentID, now: Tick, _ effects: inout Effects<TrackerEffect>
    ) {
        if let place = doubts.firstIndex(of: content) {
            doubts.remove(at: place)
            doubt(content, now: now, &effects)
        } else if let place = withdrawals.firstIndex(of: content) {
            withdrawals.remove(at: place)
            announceWithdrawal(content, &effects)
        }
    }

    private mutating func announceWithdrawal(
        _ content: ContentID, _ effects: inout Effects<TrackerEffect>
    ) {
        guard let found = catalog.index(of: content), !catalog[found].hasSeed else { return }
        for member in catalog[found].members where member.hasAsked && !member.isSettled {
            catalog[found].leave(member.rank)
            effects.append(.send(.download(.withdrawn(content)), .none, to: member.rank))
        }
    }

    /// Informs the trackers that have had answers since the last notice that these are outdated.
    mutating func broadcastChange(_ effects: inout Effects<TrackerEffect>) {
        guard hasChanged else { return }
        hasChanged = false
        guard !rules.isBatch, let trackers = overlay?.takeAnsweredTrackers() else { return }
        for tracker in trackers {
            effects.append(.send(.overlay(.changed), .none, to: tracker))
        }
    }
}
