import Vocabulary
import Wire

/// Contents that are published while they are read: who says what their digests are, and who takes
/// over when that rank, or one that reads, is gone.
extension Tracker {
    /// A publisher's table is final. Whoever joins later hears of it with the swarm.
    mutating func sealed(
        _ index: Int, _ content: ContentID, _ tail: RawSpan, now: Tick,
        effects: inout Effects<TrackerEffect>
    ) throws(WireError) {
        guard (1...PieceDigest.byteCountMax).contains(tail.byteCount) else { throw .malformed }
        sealed(
            index, content, try tail.readBytes(tail.byteCount), now: now, effects: &effects)
    }

    mutating func sealed(
        _ index: Int, _ content: ContentID, _ digest: [UInt8], now: Tick,
        effects: inout Effects<TrackerEffect>
    ) {
        guard let found = catalog.index(of: content) else {
            return claim(.sealed(digest), content, index, now: now, &effects)
        }
        // Whoever comes back says it again.
        guard catalog[found].seal != digest else { return }
        guard catalog[found].seal == nil else {
            violations += 1
            return
        }
        seal(found, digest, &effects)
        guard let groups else { return }
        let copy = effects.tail { $0 += digest }
        for tracker in groups.living {
            effects.append(.send(.overlay(.sealed(content)), copy, to: tracker))
        }
    }

    /// Tells the members of this group. The first word counts.
    mutating func seal(
        _ found: Int, _ digest: [UInt8], _ effects: inout Effects<TrackerEffect>
    ) {
        guard catalog[found].sealed(digest) else { return }
        for member in catalog[found].members { tellSeal(of: found, to: member.rank, &effects) }
    }

    /// Once: what is sent arrives.
    mutating func tellSeal(
        of found: Int, to rank: Rank, _ effects: inout Effects<TrackerEffect>
    ) {
        guard let seal = catalog[found].seal, catalog[found].hearsOfSeal(rank) else { return }
        let tail = effects.tail { $0 += seal }
        effects.append(.send(.download(.seal(catalog[found].content)), tail, to: rank))
    }

    /// A loss that can be averted is none: who has everything can say what it is, and who sees
    /// where it comes from can read what nobody sends. True when somebody is asked to.
    mutating func rescue(_ found: Int, _ effects: inout Effects<TrackerEffect>) -> Bool {
        let row = catalog[found]
        let stalled = row.members.filter { $0.stall != nil && $0.isHelpful }
        if row.publisher == nil, row.remote.publisher == nil, row.seal == nil,
            let heir = stalled.filter({ $0.stall?.missing == 0 }).map(\.rank).min()
        {
            catalog[found].published(by: heir)
            for member in row.members {
                let message = DownloadMessage.publisher(row.content, heir)
                effects.append(.send(.download(message), .none, to: member.rank))
            }
            catalog[found].hope(for: heir)
            return true
        }
        let readers = row.members.filter(\.canRead).map(\.rank)
        let others = row.members.filter(\.couldRead).map(\.rank)
        // Where the one who can is in another group, that one's tracker asks it.
        guard let reader = readers.min() ?? others.min() else { return row.remote.hasReader }
        effects.append(.send(.download(.readRest(row.content)), .none, to: reader))
        catalog[found].hope(for: reader)
        return true
    }
}
