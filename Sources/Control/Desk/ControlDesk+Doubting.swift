import Swarm
import Vocabulary
import Wire

/// Files that no rank owns yet, while ranks still look at their folders or read long files.
extension ControlDesk {
    /// Handles a file that no rank owns. Returns false if that is certain.
    mutating func doubt(_ ticket: OrderTicket) -> Bool {
        guard let fetch = fetches[ticket], !fetch.isLastTry else { return false }
        fetches[ticket] = nil
        askRanks(for: fetch)
        return true
    }

    /// Handles a question that the list of all files does not answer. A `get` waits for ranks that
    /// may announce the file; any other question is answered with the numbers of those ranks.
    mutating func doubt(_ question: Question, _ error: String, now: Tick) {
        guard !question.isLastTry else {
            return end(question.client, error, isJSON: question.isJSON)
        }
        if case .get(let request) = question.command {
            var fetch = Fetch(
                request: request, client: question.client, isJSON: question.isJSON, begun: now)
            fetch.name = question.name ?? request.name
            return askRanks(for: fetch)
        }
        var question = question
        question.error = error
        let ticket = ticket()
        questions[ticket] = question
        outputs.append(.order(.roll(ticket, of: .none)))
    }

    private mutating func askRanks(for fetch: Fetch) {
        var fetch = fetch
        fetch.doubt = .asksRoll
        let ticket = ticket()
        fetches[ticket] = fetch
        outputs.append(.order(.roll(ticket, of: .none)))
    }

    /// Returns false for a list that was not asked for because of a doubt.
    mutating func cleared(_ ticket: OrderTicket, by entries: [RollEntry], now: Tick) -> Bool {
        let delay = AnnouncementDelay(entries)
        if let question = questions[ticket], let error = question.error {
            questions[ticket] = nil
            let words = delay.words.map { "\(error) yet: \($0)" } ?? error
            end(question.client, words, isJSON: question.isJSON)
            return true
        }
        guard fetches[ticket]?.doubt == .asksRoll else { return false }
        if !delay.looking.isEmpty {
            wait(ticket, delay, now: now)
        } else if delay.reading.isEmpty {
            again(ticket, isLastTry: true, now: now)
        } else {
            let next = self.ticket()
            fetches[next] = fetches.removeValue(forKey: ticket)
            fetches[next]?.doubt = .asksCatalog
            fetches[next]?.delay = delay
            outputs.append(.order(.catalog(next)))
        }
        return true
    }

    /// The same for the list of files.
    mutating func cleared(_ ticket: OrderTicket, by entries: [CatalogEntry], now: Tick) -> Bool {
        guard let fetch = fetches[ticket], fetch.doubt == .asksCatalog else { return false }
        if let delay = fetch.delay, entries.contains(where: { $0.name == fetch.name }) {
            wait(ticket, delay, now: now)
        } else {
            again(ticket, isLastTry: true, now: now)
        }
        return true
    }

    private mutating func wait(
        _ ticket: OrderTicket, _ delay: AnnouncementDelay, now: Tick
    ) {
        guard let fetch = fetches[ticket] else { return }
        fetches[ticket]?.doubt = .waits(until: now + Self.doubtInterval)
        fetches[ticket]?.delay = delay
        guard fetch.request.tellsProgress, delay != fetch.toldDelay, let client = fetch.client
        else { return }
        fetches[ticket]?.toldDelay = delay
        say(delay.line(fetch.request.what), to: client, isJSON: fetch.isJSON)
    }

    mutating func tryAgain(now: Tick) {
        let due = fetches.filter { _, fetch in
            guard case .waits(let end) = fetch.doubt else { return false }
            return end <= now
        }.keys.sorted { $0.raw < $1.raw }
        for ticket in due { again(ticket, isLastTry: false, now: now) }
    }

    private mutating func again(_ ticket: OrderTicket, isLastTry: Bool, now: Tick) {
        guard var fetch = fetches.removeValue(forKey: ticket) else { return }
        fetch.doubt = .none
        fetch.isLastTry = isLastTry
        guard fetch.isFoundInList else { return order(fetch) }
        // The user has hung up before it was known whether the file exists.
        guard let client = fetch.client else { return answerWaiters() }
        lookUp(fetch.request, client, isJSON: fetch.isJSON, isLastTry: isLastTry, now: now)
    }
}

extension ControlDesk.Fetch {
    /// Whether the list of all files decides which content is meant.
    fileprivate var isFoundInList: Bool { request.isFoundInList }
}
