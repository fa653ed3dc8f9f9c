import Vocabulary
import Wire

/// Contents that are published while the publisher is still reading them: which rank's digests
/// count, and which rank takes over when the publisher, or a rank that reads the source, is gone.
extension Tracker {
    /// The publisher's table is final. Members that join later get the seal with the swarm.
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
        // Repeated by a rank that comes back, and by a seed that was asked for the table.
        guard catalog[found].seal != digest else {
            return vouched(found, by: peers[index].rank, &effects)
        }
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

    /// Announces the seal to the members of this group. The first seal counts.
    mutating func seal(
        _ found: Int, _ digest: [UInt8], _ effects: inout Effects<TrackerEffect>
    ) {
        guard catalog[found].sealed(digest) else { return }
        for member in catalog[found].members { sendSeal(of: found, to: member.rank, &effects) }
    }

    /// Sent once to each member, because messages are not lost.
    mutating func sendSeal(
        of found: Int, to rank: Rank, _ effects: inout Effects<TrackerEffect>
    ) {
        guard let seal = catalog[found].seal, catalog[found].noteSealSent(to: rank) else { return }
        let tail = effects.tail { $0 += seal }
        effects.append(.send(.download(.seal(catalog[found].content)), tail, to: rank))
    }

    /// The publisher is gone after its seal, and a member with every piece cannot find out which of
    /// them are wrong: only the publisher's table shows that. A rank whose table has the seal's
    /// digest has that table. The tracker cannot know which rank that is, so it asks one after the
    /// other.
    mutating func findWitness(
        _ found: Int, now: Tick, _ effects: inout Effects<TrackerEffect>
    ) {
        guard let witness = catalog[found].nextWitness(now: now, lease: rules.lease) else { return }
        let message = DownloadMessage.publisher(catalog[found].content, witness)
        effects.append(.send(.download(message), .none, to: witness))
        catalog[found].asked(witness, at: now)
    }

    /// The rank answered that its table has the seal's digest, so its table is the publisher's.
    private mutating func vouched(
        _ found: Int, by rank: Rank, _ effects: inout Effects<TrackerEffect>
    ) {
        guard catalog[found].publisher == nil, catalog[found].wasAsked(rank) else { return }
        catalog[found].published(by: rank)
        for member in catalog[found].members where !member.isSeed {
            sendPublisher(of: found, to: member.rank, &effects)
        }
    }

    /// A member that waits for the table has to know which rank has it.
    mutating func sendPublisher(
        of found: Int, to rank: Rank, _ effects: inout Effects<TrackerEffect>
    ) {
        let row = catalog[found]
        guard let publisher = row.publisher ?? row.remote.publisher,
            catalog[found].notePublisherSent(publisher, to: rank)
        else { return }
        effects.append(
            .send(.download(.publisher(row.content, publisher)), .none, to: rank))
    }

    /// Tries to avert a loss: a member with every piece can take over as publisher, and one that
    /// sees the source can read the missing pieces. Returns true if one was asked.
    mutating func rescue(_ found: Int, _ effects: inout Effects<TrackerEffect>) -> Bool {
        let row = catalog[found]
        let stalled = row.members.filter { $0.stall != nil && $0.isHelpful }
        if row.publisher == nil, row.remote.publisher == nil, row.seal == nil,
            let heir = stalled.filter({ $0.stall?.missing == 0 }).map(\.rank).min()
        {
            catalog[found].published(by: heir)
            for member in row.members { sendPublisher(of: found, to: member.rank, &effects) }
            catalog[found].expectRescue(by: heir)
            return true
        }
        let readers = row.members.filter(\.canRead).map(\.rank)
        let others = row.members.filter(\.couldRead).map(\.rank)
        // A reader in another group is asked by the tracker of that group.
        guard let reader = readers.min() ?? others.min() else { return row.remote.hasReader }
        effects.append(.send(.download(.readRest(row.content)), .none, to: reader))
        catalog[found].expectRescue(by: reader)
        return true
    }
}
