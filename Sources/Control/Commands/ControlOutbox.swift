import Swarm
import Vocabulary

/// The actions that the machine asks for, in order, and the tickets for what it asks of others.
///
/// Invariant: no ticket is given twice.
struct ControlOutbox: Sendable {
    private var outputs: [ControlOutput] = []
    private var nextTicket: UInt64 = 1

    mutating func take() -> [ControlOutput] {
        defer { outputs = [] }
        return outputs
    }

    mutating func ticket() -> OrderTicket {
        defer { nextTicket += 1 }
        return OrderTicket(nextTicket)
    }

    mutating func append(_ output: ControlOutput) { outputs.append(output) }

    mutating func say(_ answer: Answer, to client: ControlClient, isJSON: Bool) {
        append(.say(answer.line(isJSON: isJSON), to: client))
    }

    mutating func end(_ client: ControlClient, _ error: String? = nil, isJSON: Bool) {
        append(.say(Answer.end(error, isJSON: isJSON), to: client))
        append(.ready(client))
    }
}
