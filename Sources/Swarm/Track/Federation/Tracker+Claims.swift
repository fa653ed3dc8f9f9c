import Vocabulary
import Wire

/// Roles of peers that have moved here from a lost tracker. Their tracker knew the contents; this
/// one may first have to ask the other groups for them.
extension Tracker {
    mutating func apply(
        _ role: Claim.Role, _ content: ContentID, _ index: Int, now: Tick,
        _ effects: inout Effects<TrackerEffect>
    ) {
        guard catalog.index(of: content) != nil else {
            return claim(role, content, index, now: now, &effects)
        }
        let rank = peers[index].rank
        switch role {
        case .seed: completed(index, content, now: now, &effects)
        case .publisher: catalog.change(content) { $0.published(by: rank) }
        case .noPublisher: catalog.change(content) { $0.cannotPublish(rank) }
        case .reader: catalog.change(content) { $0.standsBy(rank) }
        case .sealed(let digest): sealed(index, content, digest, now: now, effects: &effects)
        }
    }

    /// Keeps the claim until another group describes the content. Without other groups none will.
    mutating func claim(
        _ role: Claim.Role, _ content: ContentID, _ index: Int, now: Tick,
        _ effects: inout Effects<TrackerEffect>
    ) {
        let claim = Claim(peer: index, role: role)
        guard let overlay, claimCount < Self.claimsMax else {
            violations += 1
            return
        }
        guard claims[content]?.contains(claim) != true else { return }
        claims[content, default: []].append(claim)
        claimCount += 1
        guard overlay.isDue(.content(content), now: now) else { return }
        beginQuery(.content(content), needsManifest: true, now: now, &effects)
        endQueries(now: now, &effects)
    }

    /// A peer of this group has listed contents that others may have claimed.
    mutating func applyClaims(
        to entries: [FileListEntry], now: Tick, _ effects: inout Effects<TrackerEffect>
    ) {
        guard claimCount > 0 else { return }
        for entry in entries {
            switch entry {
            case .owned(_, let content, _, _, _), .described(_, let content, _, _, _):
                applyClaims(content, now: now, &effects)
            case .wanted, .host, .gone, .reading, .notReading: break
            }
        }
    }

    /// Another tracker asks for a content that is only claimed here, so it may soon be known.
    mutating func askForClaimed(
        _ content: ContentID, now: Tick, _ effects: inout Effects<TrackerEffect>
    ) {
        guard claims[content] != nil, let overlay, overlay.isDue(.content(content), now: now)
        else { return }
        beginQuery(.content(content), needsManifest: true, now: now, &effects)
        endQueries(now: now, &effects)
    }

    mutating func applyClaims(
        _ content: ContentID, now: Tick, _ effects: inout Effects<TrackerEffect>
    ) {
        guard let known = claims.removeValue(forKey: content) else { return }
        claimCount -= known.count
        for claim in known where !peers[claim.peer].isGone {
            catalog.change(content) { $0.progressed(peers[claim.peer].rank) }
            apply(claim.role, content, claim.peer, now: now, &effects)
        }
    }

    private static var claimsMax: Int { 1 << 16 }
}
