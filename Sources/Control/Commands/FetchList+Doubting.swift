import Swarm
import Vocabulary
import Wire

/// Files that no rank owns yet, while ranks still look at their folders or read long files.
extension FetchList {
    /// Handles a file that no rank owns. Returns false if that is certain.
    mutating func doubt(_ ticket: OrderTicket, _ outbox: inout ControlOutbox) -> Bool {
        guard let fetch = rows[ticket], !fetch.isLastTry else { return false }
        remove(ticket)
        askRanks(for: fetch, &outbox)
        return true
    }

    mutating func askRanks(for fetch: Row, _ outbox: inout ControlOutbox) {
        var fetch = fetch
        fetch.doubt = .asksRoll
        let ticket = outbox.ticket()
        set(fetch, at: ticket)
        outbox.append(.order(.roll(ticket, of: .none)))
    }

    func asksRoll(_ ticket: OrderTicket) -> Bool { rows[ticket]?.doubt == .asksRoll }

    /// Some ranks may announce the file. If all of them only read, the list of files decides.
    mutating func mayBeAnnounced(
        _ ticket: OrderTicket, _ delay: AnnouncementDelay, now: Tick,
        _ outbox: inout ControlOutbox
    ) {
        guard delay.looking.isEmpty else { return wait(ticket, delay, now: now, &outbox) }
        guard var fetch = remove(ticket) else { return }
        let next = outbox.ticket()
        fetch.doubt = .asksCatalog
        fetch.delay = delay
        set(fetch, at: next)
        outbox.append(.order(.catalog(next)))
    }

    /// Whether the file of a fetch that asked for the list of files is read; nil for other tickets.
    func isBeingRead(_ ticket: OrderTicket, in entries: [CatalogEntry]) -> Bool? {
        guard let fetch = rows[ticket], fetch.doubt == .asksCatalog else { return nil }
        return fetch.delay != nil && entries.contains { $0.name == fetch.name }
    }

    mutating func waitForReading(
        _ ticket: OrderTicket, now: Tick, _ outbox: inout ControlOutbox
    ) {
        guard let delay = rows[ticket]?.delay else { return }
        wait(ticket, delay, now: now, &outbox)
    }

    private mutating func wait(
        _ ticket: OrderTicket, _ delay: AnnouncementDelay, now: Tick,
        _ outbox: inout ControlOutbox
    ) {
        guard var fetch = rows[ticket] else { return }
        let isNews = delay != fetch.toldDelay
        fetch.doubt = .waits(until: now + Self.doubtInterval)
        fetch.delay = delay
        defer { set(fetch, at: ticket) }
        guard fetch.request.tellsProgress, isNews, let client = fetch.client else { return }
        fetch.toldDelay = delay
        outbox.say(delay.line(fetch.request.what), to: client, isJSON: fetch.isJSON)
    }

    func due(now: Tick) -> [OrderTicket] {
        rows.filter { _, fetch in
            guard case .waits(let end) = fetch.doubt else { return false }
            return end <= now
        }.keys.sorted { $0.raw < $1.raw }
    }

    /// Orders the file again. Returns the fetch, which has ended, if the list of all files has to
    /// decide first which content is meant.
    mutating func again(
        _ ticket: OrderTicket, isLastTry: Bool, _ outbox: inout ControlOutbox
    ) -> Row? {
        guard var fetch = remove(ticket) else { return nil }
        fetch.doubt = .none
        fetch.isLastTry = isLastTry
        guard fetch.request.isFoundInList else {
            order(fetch, &outbox)
            return nil
        }
        // The user has hung up before it was known whether the file exists.
        guard fetch.client != nil else {
            answerWaiters(&outbox)
            return nil
        }
        return fetch
    }
}
