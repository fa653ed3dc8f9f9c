import Swarm
import Vocabulary
import Wire

/// Files that no rank owns yet, while ranks still look at their folders or read long files.
extension ControlMachine {
    /// Handles a question that the list of all files does not answer. A `get` waits for ranks that
    /// may announce the file; any other question is answered with the numbers of those ranks.
    mutating func doubt(_ question: Question, _ error: String, now: Tick) {
        guard !question.isLastTry else {
            return end(question.client, error, isJSON: question.isJSON)
        }
        if case .get(let request) = question.command {
            var fetch = FetchList.Row(
                request: request, client: question.client, isJSON: question.isJSON, begun: now)
            fetch.name = question.name ?? request.name
            return fetches.askRanks(for: fetch, &outbox)
        }
        var question = question
        question.error = error
        questions.order(question, &outbox) { .roll($0, of: .none) }
    }

    /// Returns false for a list that was not asked for because of a doubt.
    mutating func cleared(_ ticket: OrderTicket, by entries: [RollEntry], now: Tick) -> Bool {
        let delay = AnnouncementDelay(entries)
        if let question = questions[ticket], let error = question.error {
            _ = questions.take(ticket)
            let words = delay.words.map { "\(error) yet: \($0)" } ?? error
            end(question.client, words, isJSON: question.isJSON)
            return true
        }
        guard fetches.asksRoll(ticket) else { return false }
        if delay.looking.isEmpty && delay.reading.isEmpty {
            again(ticket, isLastTry: true, now: now)
        } else {
            fetches.mayBeAnnounced(ticket, delay, now: now, &outbox)
        }
        return true
    }

    /// The same for the list of files.
    mutating func cleared(_ ticket: OrderTicket, by entries: [CatalogEntry], now: Tick) -> Bool {
        guard let isBeingRead = fetches.isBeingRead(ticket, in: entries) else { return false }
        if isBeingRead {
            fetches.waitForReading(ticket, now: now, &outbox)
        } else {
            again(ticket, isLastTry: true, now: now)
        }
        return true
    }

    mutating func tryAgain(now: Tick) {
        for ticket in fetches.due(now: now) { again(ticket, isLastTry: false, now: now) }
    }

    private mutating func again(_ ticket: OrderTicket, isLastTry: Bool, now: Tick) {
        guard let fetch = fetches.again(ticket, isLastTry: isLastTry, &outbox),
            let client = fetch.client
        else { return }
        lookUp(fetch.request, client, isJSON: fetch.isJSON, isLastTry: isLastTry, now: now)
    }
}
