import Vocabulary
import Wire

/// Finds contents and pieces that can no longer be obtained. Stalls count only after all lists are
/// in: a rank reports that it can read the source only after it was let in, so a swarm may look
/// lost to an heir although it is not.
extension Swarms {
    /// Returns true where all members of this group have stalled by that: whether those of the
    /// other groups have, too, has to be asked. `hasDead`: the publisher may be among ranks that
    /// have died, and a member that lacks nothing but its table waits for nothing else.
    mutating func stalled(
        _ found: Int, _ rank: Rank, missing: UInt32, fingerprint: UInt64, isCertain: Bool,
        hasDead: Bool, now: Tick, _ effects: inout Effects<TrackerEffect>
    ) -> Bool {
        let wasStuck = self[found].isStuckHere(hasDead: hasDead)
        self[found].stalled(
            rank, missing: missing, fingerprint: fingerprint, isCertain: isCertain, now: now)
        // A member may have dropped pieces in the middle of a table, and need the rest of it.
        sendPublisher(of: found, to: rank, &effects)
        replacePublisher(of: found, &effects)
        let isStuck = self[found].isStuckHere(hasDead: hasDead)
        guard rules.isAlone else { return isStuck && !wasStuck }
        if isCertain, self[found].isCertainlyStuck(now: now, lease: rules.lease) {
            declareLoss(found, &effects)
        } else if isStuck {
            helpStuck(
                self[found].content, hasDead: hasDead, isSettling: true, now: now, &effects)
        }
        return false
    }

    /// All other groups have just answered, if there are any. Where the members of all groups lack
    /// the same pieces, a rank that can help is asked. If there is none, the pieces are lost,
    /// unless peers may be on their way from one group to another (`isSettling`).
    mutating func helpStuck(
        _ content: ContentID, hasDead: Bool, isSettling: Bool, now: Tick,
        _ effects: inout Effects<TrackerEffect>
    ) {
        guard let found = index(of: content), self[found].isStuckHere(hasDead: hasDead),
            self[found].isStuckEverywhere(now: now, lease: rules.lease)
        else { return }
        if isSettling { _ = rescue(found, &effects) } else { declareLoss(found, &effects) }
    }

    /// A rank of another group is dead.
    mutating func remoteDied(_ rank: Rank) {
        for found in catalog.swarms.indices { self[found].remote.died(rank) }
    }

    mutating func declareLosses(now: Tick, _ effects: inout Effects<TrackerEffect>) {
        for found in catalog.swarms.indices {
            findWitness(found, now: now, &effects)
            let row = self[found]
            guard row.isLost(now: now, lease: rules.lease, patientLeases: rules.patientLeases)
            else {
                // A rank that can help is asked before the pieces count as lost.
                if row.needsHelp(now: now, lease: rules.lease) { _ = rescue(found, &effects) }
                continue
            }
            declareLoss(found, &effects)
        }
    }

    /// Ends the transfers of pieces that can no longer be obtained, unless a rank can help.
    private mutating func declareLoss(_ found: Int, _ effects: inout Effects<TrackerEffect>) {
        guard !rescue(found, &effects) else { return }
        let row = self[found]
        for member in row.members where !member.isSeed {
            self[found].leave(member.rank)
            guard let missing = member.stall?.missing else { continue }
            let message = DownloadMessage.swarmLost(row.content, missing: missing)
            effects.append(.send(.download(message), .none, to: member.rank))
        }
    }

    /// Tries to avert a loss: a member with every piece can take over as publisher, and one that
    /// sees the source can read the missing pieces. Returns true if one was asked.
    private mutating func rescue(_ found: Int, _ effects: inout Effects<TrackerEffect>) -> Bool {
        if let heir = self[found].heir {
            appoint(heir, of: found, &effects)
            return true
        }
        return askReader(found, &effects) || askRemoteReader(found, &effects)
    }

    /// Replaces publishers that have died: a member that has stalled only for the table takes over,
    /// without waiting for others to stall.
    mutating func replacePublishers(_ effects: inout Effects<TrackerEffect>) {
        for found in catalog.swarms.indices { replacePublisher(of: found, &effects) }
    }

    private mutating func replacePublisher(
        of found: Int, _ effects: inout Effects<TrackerEffect>
    ) {
        guard self[found].lacksPublisher, let heir = self[found].heir else { return }
        appoint(heir, of: found, &effects)
    }

    private mutating func appoint(
        _ heir: Rank, of found: Int, _ effects: inout Effects<TrackerEffect>
    ) {
        self[found].published(by: heir)
        for member in self[found].members { sendPublisher(of: found, to: member.rank, &effects) }
        self[found].expectRescue(by: heir)
    }

    /// Asks a member that sees the source for the missing pieces. Returns false if there is none.
    mutating func askReader(_ found: Int, _ effects: inout Effects<TrackerEffect>) -> Bool {
        guard let reader = self[found].reader else { return false }
        effects.append(.send(.download(.readRest(self[found].content)), .none, to: reader))
        self[found].expectRescue(by: reader)
        return true
    }

    /// Makes the tracker of another group ask a member there. That tracker may have no waiting
    /// members of its own, and so no reason to ask.
    private mutating func askRemoteReader(
        _ found: Int, _ effects: inout Effects<TrackerEffect>
    ) -> Bool {
        guard let tracker = self[found].remote.trackerOfReader else { return false }
        effects.append(.send(.overlay(.readRest(self[found].content)), .none, to: tracker))
        self[found].forgetStalls()
        return true
    }

    /// Informs the peers that wait for a content of which no rank has any piece any more.
    mutating func announceWithdrawal(
        _ content: ContentID, _ effects: inout Effects<TrackerEffect>
    ) {
        guard let found = index(of: content), !self[found].hasSeed else { return }
        for member in self[found].members where member.hasAsked && !member.isSettled {
            self[found].leave(member.rank)
            effects.append(.send(.download(.withdrawn(content)), .none, to: member.rank))
        }
    }
}
