import Swarm
import Vocabulary
import Wire

/// The questions of users that another machine answers, by the tickets of the orders that ask it.
///
/// Invariant: a question is answered once, by an answer, an error or the end of its patience.
struct QuestionTable: Sendable {
    private var rows: [OrderTicket: Question] = [:]

    var isEmpty: Bool { rows.isEmpty }

    subscript(ticket: OrderTicket) -> Question? { rows[ticket] }

    /// Puts the question to another machine by the order that `make` builds.
    mutating func ask(
        _ question: Question, _ outbox: inout ControlOutbox,
        _ make: (OrderTicket) -> ControlOutput
    ) {
        let ticket = outbox.ticket()
        rows[ticket] = question
        outbox.append(make(ticket))
    }

    /// Puts the question to the machine of this rank.
    mutating func order(
        _ question: Question, _ outbox: inout ControlOutbox, _ make: (OrderTicket) -> LiveOrder
    ) {
        ask(question, &outbox) { .order(make($0)) }
    }

    /// The question that is answered now; nil if its user has hung up or has waited long enough.
    mutating func take(_ ticket: OrderTicket) -> Question? { rows.removeValue(forKey: ticket) }

    /// A user has hung up.
    mutating func left(_ client: ControlClient) {
        rows = rows.filter { $0.value.client != client }
    }

    /// The questions that have waited long enough, in the order in which they were asked.
    mutating func expire(now: Tick) -> [Question] { take { $0.end <= now } }

    mutating func takeAll() -> [Question] { take { _ in true } }

    private mutating func take(where isOver: (Question) -> Bool) -> [Question] {
        let over = rows.filter { isOver($0.value) }.sorted { $0.key.raw < $1.key.raw }
        for (ticket, _) in over { rows[ticket] = nil }
        return over.map(\.value)
    }
}
