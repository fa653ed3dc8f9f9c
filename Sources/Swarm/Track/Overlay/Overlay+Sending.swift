import Vocabulary
import Wire

/// The messages by which queries and answers travel.
extension Overlay {
    /// Sends a new query to every neighbour. Returns nil if none can begin.
    mutating func flood(
        _ key: OverlayKey, needsManifest: Bool, now: Tick,
        _ effects: inout Effects<TrackerEffect>
    ) -> QueryID? {
        guard let id = begin(key, now: now) else { return nil }
        let timeToLive = UInt32(rules.timeToLive)
        let message: OverlayMessage
        let tail: Tail
        switch key {
        case .name(let name):
            message = .query(.none, id, timeToLive: timeToLive, by: .name)
            tail = effects.tail { $0 += name.utf8 }
        case .content(let content):
            message = .query(content, id, timeToLive: timeToLive, by: .content)
            tail = needsManifest ? effects.tail { $0.append(1) } : .none
        case .catalog:
            message = .query(.none, id, timeToLive: timeToLive, by: .catalog)
            tail = .none
        case .roll:
            message = .query(.none, id, timeToLive: timeToLive, by: .roll)
            tail = .none
        }
        let neighbours = neighbours()
        for neighbour in neighbours {
            effects.append(.send(.overlay(message), tail, to: neighbour))
        }
        sent(neighbours.count)
        effects.append(.wake(at: now + rules.queryDeadline))
        return id
    }

    /// Passes on the query of another tracker, unless its hops are used up.
    mutating func forward(
        _ content: ContentID, _ id: QueryID, _ timeToLive: UInt32, _ selector: Selector,
        _ tail: RawSpan, from rank: Rank, _ effects: inout Effects<TrackerEffect>
    ) {
        guard timeToLive > 1 else { return }
        let others = neighbours(besides: rank)
        sent(others.count)
        send(
            .query(content, id, timeToLive: timeToLive - 1, by: selector), copying: tail,
            to: others, &effects)
    }

    /// Passes on an answer to the query of another tracker.
    mutating func route(
        _ message: OverlayMessage, _ id: QueryID, _ tail: RawSpan,
        _ effects: inout Effects<TrackerEffect>
    ) {
        guard let upstream = upstream(of: id) else { return }
        send(message, copying: tail, to: [upstream], &effects)
    }

    /// Sends the catalog of this group to another tracker, in as many pages as it needs.
    func send(
        _ entries: [CatalogEntry], for id: QueryID, to rank: Rank,
        _ effects: inout Effects<TrackerEffect>
    ) {
        send(entries, to: rank, &effects) { count, isLast in
            .catalogHit(id, responder: own, entries: count, isLast: isLast)
        }
    }

    /// Sends the list of this group's ranks to another tracker.
    func send(
        _ entries: [RollEntry], for id: QueryID, to rank: Rank,
        _ effects: inout Effects<TrackerEffect>
    ) {
        send(entries, to: rank, &effects) { count, isLast in
            .rollHit(id, responder: own, entries: count, isLast: isLast)
        }
    }

    private func send<Entry: ListEntry>(
        _ entries: [Entry], to rank: Rank, _ effects: inout Effects<TrackerEffect>,
        as hit: (_ count: UInt32, _ isLast: Bool) -> OverlayMessage
    ) {
        var sent = 0
        while true {
            let (tail, count, isLast) = entries.page(from: sent, &effects)
            sent += Int(count)
            effects.append(.send(.overlay(hit(count, isLast)), tail, to: rank))
            guard !isLast else { return }
        }
    }

    /// Informs the trackers that have had answers since the last notice that these are outdated.
    mutating func broadcastChange(_ effects: inout Effects<TrackerEffect>) {
        for tracker in takeAnsweredTrackers() {
            effects.append(.send(.overlay(.changed), .none, to: tracker))
        }
    }

    private func send(
        _ message: OverlayMessage, copying tail: RawSpan, to trackers: [Rank],
        _ effects: inout Effects<TrackerEffect>
    ) {
        guard !trackers.isEmpty else { return }
        let copy = effects.copy(tail)
        for tracker in trackers {
            effects.append(.send(.overlay(message), copy, to: tracker))
        }
    }
}
