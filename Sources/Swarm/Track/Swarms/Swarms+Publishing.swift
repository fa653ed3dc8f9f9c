import Vocabulary
import Wire

/// Contents that are published while the publisher is still reading them: which rank's digests
/// count, and which rank takes over when the publisher, or a rank that reads the source, is gone.
extension Swarms {
    /// The outcome of a publisher's report that its table is final.
    enum SealOutcome {
        case news, known
        /// Another table was reported before.
        case contradicted
    }

    /// Handles a publisher's seal. Members that join later get it with the swarm.
    mutating func sealed(
        _ found: Int, _ digest: [UInt8], by rank: Rank, _ effects: inout Effects<TrackerEffect>
    ) -> SealOutcome {
        guard let seal = self[found].seal else {
            self.seal(found, digest, &effects)
            return .news
        }
        guard seal == digest else { return .contradicted }
        // A rank that comes back repeats its seal, as does a seed that was asked for the table.
        vouched(found, by: rank, &effects)
        return .known
    }

    /// Announces the seal to the members of this group. The first seal counts.
    mutating func seal(
        _ found: Int, _ digest: [UInt8], _ effects: inout Effects<TrackerEffect>
    ) {
        guard self[found].sealed(digest) else { return }
        // Members that have waited long for the seal need a moment to prove their pieces.
        self[found].forgetStalls()
        for member in self[found].members { sendSeal(of: found, to: member.rank, &effects) }
    }

    /// Sends the seal once to each member, because messages are not lost.
    mutating func sendSeal(
        of found: Int, to rank: Rank, _ effects: inout Effects<TrackerEffect>
    ) {
        guard let seal = self[found].seal, self[found].noteSealSent(to: rank) else { return }
        let tail = effects.tail { $0 += seal }
        effects.append(.send(.download(.seal(self[found].content)), tail, to: rank))
    }

    /// Searches a rank that has the table of a publisher that is gone after its seal. Without the
    /// table, a member with every piece cannot find out which of them are wrong. A rank whose table
    /// has the seal's digest has that table. The tracker cannot know which rank that is, so it asks
    /// one after the other.
    mutating func findWitness(
        _ found: Int, now: Tick, _ effects: inout Effects<TrackerEffect>
    ) {
        self[found].dismissAccusedPublisher(now: now, lease: rules.lease)
        guard let witness = self[found].nextWitness(now: now, lease: rules.lease) else { return }
        let message = DownloadMessage.publisher(self[found].content, witness)
        effects.append(.send(.download(message), .none, to: witness))
        self[found].asked(witness, at: now)
    }

    /// Handles a rank whose table has the seal's digest, and so is the publisher's.
    private mutating func vouched(
        _ found: Int, by rank: Rank, _ effects: inout Effects<TrackerEffect>
    ) {
        guard self[found].publisher == nil, self[found].wasAsked(rank) else { return }
        self[found].published(by: rank)
        for member in self[found].members where !member.isSeed {
            sendPublisher(of: found, to: member.rank, &effects)
        }
    }

    /// Sends the publisher's rank to members, which need it to wait for the table.
    mutating func sendPublisher(
        of found: Int, to rank: Rank, _ effects: inout Effects<TrackerEffect>
    ) {
        let row = self[found]
        guard let publisher = row.publisher ?? row.remote.publisher,
            self[found].notePublisherSent(publisher, to: rank)
        else { return }
        effects.append(
            .send(.download(.publisher(row.content, publisher)), .none, to: rank))
    }
}
