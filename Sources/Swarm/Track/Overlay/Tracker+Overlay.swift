package import Vocabulary
package import Wire

/// Messages of the other trackers.
extension Tracker {
    package mutating func received(
        _ message: OverlayMessage, tail: RawSpan, from rank: Rank, now: Tick,
        effects: inout Effects<TrackerEffect>
    ) throws(WireError) {
        guard group.search.trackers.groups.isTracker(rank), rank != rules.rank else {
            throw .malformed
        }
        switch message {
        case .query(let content, let id, let timeToLive, let selector):
            try group.search.queried(
                content, id, timeToLive, selector, tail, from: rank, group.members, now: now,
                &effects)
        case .queryHit, .catalogHit, .rollHit:
            try group.search.answered(message, tail, from: rank, group.members, now: now, &effects)
        case .withdrawn(let count):
            try group.search.withdrawn(tail, count, by: rank, group.members, now: now, &effects)
        case .changed: group.search.trackers.overlay.outdate()
        case .readRest(let content):
            if let found = swarms.index(of: content) { _ = swarms.askReader(found, &effects) }
        case .sealed(let content): try group.search.sealed(content, tail, &effects)
        case .group(let message):
            try heard(message, tail, from: rank, now: now, effects: &effects)
        }
        broadcastChange(&effects)
    }

    /// Informs the other trackers that answers which they have had may be outdated.
    mutating func broadcastChange(_ effects: inout Effects<TrackerEffect>) {
        let haveSwarmsChanged = swarms.takeChange()
        guard members.takeChange() || haveSwarmsChanged, rules.kind.isStanding else { return }
        group.search.trackers.overlay.broadcastChange(&effects)
    }
}
