import Vocabulary
import Wire

/// Handles the roles of peers in swarms. Peers that have moved here from a lost tracker may claim
/// roles in contents which only that tracker knew: then this tracker has to ask the other groups
/// for these contents.
extension Search {
    mutating func apply(
        _ role: Claim.Role, _ content: ContentID, _ index: Int, _ members: Membership, now: Tick,
        _ effects: inout Effects<TrackerEffect>
    ) {
        guard let found = swarms.index(of: content) else {
            return claim(role, content, index, members, now: now, &effects)
        }
        let rank = members[index].rank
        switch role {
        case .seed: swarms.completed(found, by: rank)
        case .publisher: swarms[found].published(by: rank)
        case .noPublisher: swarms[found].cannotPublish(rank)
        case .reader: swarms[found].standsBy(rank)
        case .sealed(let digest): sealed(found, digest, by: rank, &effects)
        }
    }

    /// Handles the seal of a publisher, which the other groups need as well.
    private mutating func sealed(
        _ found: Int, _ digest: [UInt8], by rank: Rank, _ effects: inout Effects<TrackerEffect>
    ) {
        switch swarms.sealed(found, digest, by: rank, &effects) {
        case .known: break
        case .contradicted: violations += 1
        case .news:
            let content = swarms[found].content
            let copy = effects.tail { $0 += digest }
            for tracker in trackers.groups.living {
                effects.append(.send(.overlay(.sealed(content)), copy, to: tracker))
            }
        }
    }

    /// Handles the seal of a publisher in another group.
    mutating func sealed(
        _ content: ContentID, _ tail: RawSpan, _ effects: inout Effects<TrackerEffect>
    ) throws(WireError) {
        guard (1...PieceDigest.byteCountMax).contains(tail.byteCount) else { throw .malformed }
        let digest = try tail.readBytes(tail.byteCount)
        if let found = swarms.index(of: content) { swarms.seal(found, digest, &effects) }
    }

    /// Keeps the claim until another group describes the content. Without other groups a claim is a
    /// violation.
    private mutating func claim(
        _ role: Claim.Role, _ content: ContentID, _ index: Int, _ members: Membership, now: Tick,
        _ effects: inout Effects<TrackerEffect>
    ) {
        guard !rules.isAlone else {
            violations += 1
            return
        }
        switch claims.note(Claim(peer: index, role: role), of: content) {
        case .noted: askForClaimed(content, members, now: now, &effects)
        case .known: break
        case .refused: violations += 1
        }
    }

    /// Asks the other groups for claimed contents. It is also called when another tracker asks for
    /// the content, which may soon be known.
    mutating func askForClaimed(
        _ content: ContentID, _ members: Membership, now: Tick,
        _ effects: inout Effects<TrackerEffect>
    ) {
        guard claims.contains(content), trackers.overlay.isDue(.content(content), now: now)
        else { return }
        beginQuery(.content(content), needsManifest: true, now: now, &effects)
        endQueries(members, now: now, &effects)
    }

    /// Applies claims to contents that a peer of this group has just listed.
    mutating func applyClaims(
        to entries: [FileListEntry], _ members: Membership, now: Tick,
        _ effects: inout Effects<TrackerEffect>
    ) {
        guard claims.count > 0 else { return }
        for entry in entries {
            switch entry {
            case .owned(_, let content, _, _, _), .described(_, let content, _, _, _):
                applyClaims(content, members, now: now, &effects)
            case .wanted, .host, .gone, .reading, .notReading: break
            }
        }
    }

    mutating func applyClaims(
        _ content: ContentID, _ members: Membership, now: Tick,
        _ effects: inout Effects<TrackerEffect>
    ) {
        for claim in claims.take(content) where !members[claim.peer].isGone {
            swarms.change(content) { $0.progressed(members[claim.peer].rank) }
            apply(claim.role, content, claim.peer, members, now: now, &effects)
        }
    }
}
