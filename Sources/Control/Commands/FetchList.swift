import Swarm
import Vocabulary
import Wire

/// The files that users fetch, the ended fetches that no user has waited for, and the users that
/// wait for later fetches.
///
/// Invariant: a fetch has one ticket at a time, which is that of the last order or question about
/// it.
struct FetchList: Sendable {
    /// A file that is being fetched.
    struct Row: Sendable {
        let request: GetRequest
        /// Nil until the list of all files has decided the content.
        var choice: GetOrder.Choice?
        /// Nil if no user waits, or if the waiting user has hung up.
        var client: ControlClient?
        let isJSON: Bool
        let begun: Tick
        var status: TransferStatus?
        var doubt = Doubt.none
        /// Whether all ranks had announced their files before the request.
        var isLastTry = false
        /// The ranks that may still announce the file, as last reported to the user.
        var delay: AnnouncementDelay?
        var toldDelay: AnnouncementDelay?
        /// The name that the file gets: the one in the request, in the description, or at one of
        /// its owners.
        var name: RelativePath?
        /// Further candidates, the next one last, and the number of those fetched.
        var candidates: [ContentID] = []
        var triedCount = 1

        var isDescribed: Bool { request.description != nil && choice != nil }
    }

    /// The state of a file that no known rank owns: a rank that still looks at its folders, or
    /// reads the file, may own it.
    enum Doubt: Equatable, Sendable {
        case none
        /// The list of ranks that still look or read is requested.
        case asksRoll
        /// The list of files that are being read is requested.
        case asksCatalog
        case waits(until: Tick)
    }

    /// A user that waits for later fetches.
    struct Waiter: Sendable {
        let client: ControlClient
        let isJSON: Bool
        let name: RelativePath?
    }

    private(set) var rows: [OrderTicket: Row] = [:]
    private var waiters: [Waiter] = []
    /// The later fetches that have ended and that no user has waited for yet, the newest last.
    private var ended: [(name: String, line: Answer, error: String?)] = []
    private var fetched: [RelativePath: String] = [:]
    private var nextLook = Tick.never
    /// The question about progress that is under way.
    private var lookTicket: OrderTicket?

    private static let lookInterval = Duration.milliseconds(250)
    /// The interval at which the machine asks again for a file that may still be announced.
    static let doubtInterval = Duration.milliseconds(500)
    private static let endedMax = 10_000
    static let rowsMax = 10_000

    var isEmpty: Bool { rows.isEmpty }

    /// The path of a file that was fetched to a folder that is not watched.
    func path(of name: RelativePath) -> String? { fetched[name] }

    mutating func set(_ fetch: Row, at ticket: OrderTicket) { rows[ticket] = fetch }

    @discardableResult
    mutating func remove(_ ticket: OrderTicket) -> Row? { rows.removeValue(forKey: ticket) }

    // MARK: Users

    /// A user has hung up. The requested file is fetched all the same.
    mutating func left(_ client: ControlClient) {
        for (ticket, fetch) in rows where fetch.client == client { rows[ticket]?.client = nil }
        waiters.removeAll { $0.client == client }
    }

    /// The job is over: every waiting user gets that answer.
    mutating func closed(_ words: String, _ outbox: inout ControlOutbox) {
        for (_, fetch) in rows {
            if let client = fetch.client { outbox.end(client, words, isJSON: fetch.isJSON) }
        }
        for waiter in waiters { outbox.end(waiter.client, words, isJSON: waiter.isJSON) }
        rows = [:]
        waiters = []
    }

    mutating func wait(_ waiter: Waiter, _ outbox: inout ControlOutbox) {
        waiters.append(waiter)
        answerWaiters(&outbox)
    }

    /// Answers the users that wait for later fetches, once none is in progress.
    mutating func answerWaiters(_ outbox: inout ControlOutbox) {
        var waiting: [Waiter] = []
        for waiter in waiters {
            let name = waiter.name?.description
            guard
                !rows.values.contains(where: {
                    $0.request.isLater && (name == nil || $0.request.what == name)
                })
            else {
                waiting.append(waiter)
                continue
            }
            var error: String?
            for item in ended where name == nil || item.name == name {
                outbox.say(item.line, to: waiter.client, isJSON: waiter.isJSON)
                error = error ?? item.error
            }
            ended.removeAll { name == nil || $0.name == name }
            outbox.end(waiter.client, error, isJSON: waiter.isJSON)
        }
        waiters = waiting
    }

    // MARK: From the order to its end

    mutating func begin(_ fetch: Row, now: Tick, _ outbox: inout ControlOutbox) {
        order(fetch, &outbox)
        if fetch.request.tellsProgress { nextLook = min(nextLook, now + Self.lookInterval) }
    }

    mutating func order(_ fetch: Row, _ outbox: inout ControlOutbox) {
        guard let choice = fetch.choice else { return }
        let ticket = outbox.ticket()
        rows[ticket] = fetch
        outbox.append(
            .expect(
                ticket, at: fetch.request.path, named: fetch.name,
                asIn: fetch.request.description))
        let order = GetOrder(ticket: ticket, choice: choice, source: fetch.request.source)
        outbox.append(.order(.get(order)))
    }

    mutating func delivered(
        _ ticket: OrderTicket, _ content: ContentID, _ landing: Landing,
        _ outbox: inout ControlOutbox
    ) {
        guard let fetch = rows.removeValue(forKey: ticket) else { return }
        var path = ""
        if case .lies(let place, let name) = landing {
            path = place
            fetched[fetch.name ?? name] = place
        }
        let line = Answer(
            ("delivered", .text(fetch.request.what)), ("path", .text(path)),
            ("id", .text(content.description)))
        conclude(fetch, line, nil, &outbox)
    }

    /// Tries the next candidate, unless the failure is that of this rank.
    mutating func candidateFailed(
        _ ticket: OrderTicket, _ reason: FailureReason, _ landing: Landing,
        _ outbox: inout ControlOutbox
    ) {
        var isOther = [.unknown, .lost, .withdrawn, .notThere].contains(reason)
        if case .differs = landing { isOther = true }
        guard isOther, var fetch = rows[ticket], let next = fetch.candidates.popLast() else {
            return failed(ticket, reason, landing, &outbox)
        }
        rows[ticket] = nil
        fetch.triedCount += 1
        fetch.choice = .content(next)
        order(fetch, &outbox)
    }

    mutating func failed(
        _ ticket: OrderTicket, _ reason: FailureReason, _ landing: Landing,
        _ outbox: inout ControlOutbox
    ) {
        guard let fetch = rows.removeValue(forKey: ticket) else { return }
        var words = reason.words
        switch landing {
        case .trouble(let text), .differs(let text): words = text
        case .lies, .nothing: break
        }
        if fetch.triedCount > 1 {
            words = "none of \(fetch.triedCount) files of that length is what it describes"
        }
        let error = "\(fetch.request.what): \(words)"
        let line = Answer(("failed", .text(fetch.request.what)), ("reason", .text(words)))
        conclude(fetch, line, error, &outbox)
    }

    private mutating func conclude(
        _ fetch: Row, _ line: Answer, _ error: String?, _ outbox: inout ControlOutbox
    ) {
        if let client = fetch.client {
            if error == nil { outbox.say(line, to: client, isJSON: fetch.isJSON) }
            outbox.end(client, error, isJSON: fetch.isJSON)
        } else if fetch.request.isLater {
            if ended.count == Self.endedMax { ended.removeFirst() }
            ended.append((fetch.request.what, line, error))
        }
        answerWaiters(&outbox)
    }

    // MARK: Progress

    /// Asks for the progress of the fetches, if a user follows one.
    mutating func look(now: Tick, _ outbox: inout ControlOutbox) {
        guard nextLook <= now, lookTicket == nil else { return }
        nextLook = .never
        guard rows.values.contains(where: { $0.client != nil && $0.request.tellsProgress })
        else { return }
        let ticket = outbox.ticket()
        lookTicket = ticket
        outbox.append(.order(.status(ticket)))
    }

    mutating func heard(
        _ status: [TransferStatus], _ ticket: OrderTicket, now: Tick,
        _ outbox: inout ControlOutbox
    ) {
        for row in status { rows[row.ticket]?.status = row }
        guard lookTicket == ticket else { return }
        lookTicket = nil
        nextLook = now + Self.lookInterval
        for row in status {
            guard let fetch = rows[row.ticket], fetch.request.tellsProgress,
                let client = fetch.client
            else { continue }
            outbox.say(line(row, fetch, now: now), to: client, isJSON: fetch.isJSON)
        }
    }

    /// A line for each fetch in these rows, and for each that waits for an announcement.
    func lines(_ status: [TransferStatus], now: Tick) -> [Answer] {
        var lines: [Answer] = []
        for row in status {
            guard let fetch = rows[row.ticket] else { continue }
            lines.append(line(row, fetch, now: now))
        }
        for ticket in rows.keys.sorted(by: { $0.raw < $1.raw }) {
            guard let fetch = rows[ticket], fetch.doubt != .none, let delay = fetch.delay
            else { continue }
            lines.append(delay.line(fetch.request.what))
        }
        return lines
    }

    private func line(_ row: TransferStatus, _ fetch: Row, now: Tick) -> Answer {
        let nanoseconds = max(1, (now - fetch.begun).wholeNanoseconds)
        let rate = Int64(Double(row.held.raw) * 1e9 / Double(nanoseconds))
        let left = row.size.raw - row.held.raw
        let seconds: Answer.Value =
            rate > 0 && row.size.raw > 0 ? .number((left + rate - 1) / rate) : .none
        return Answer(
            ("fetching", .text(fetch.request.what)), ("held", .number(row.held.raw)),
            ("size", .number(row.size.raw)), ("rate", .number(rate)), ("seconds", seconds),
            ("sources", .number(Int64(row.sources))))
    }
}
