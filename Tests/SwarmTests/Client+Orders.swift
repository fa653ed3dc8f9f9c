import Swarm
import Vocabulary

/// Orders of users while the job runs.
extension Client {
    /// A user wants a file, and rank 1 sends all of it.
    mutating func fetch(_ name: String, _ ticket: OrderTicket) throws {
        try fetchUnnamed(name, ticket)
        stored(.finished(Self.content, WantNumber(0)))
    }

    /// The same up to the last piece: the store has not given the file its name.
    mutating func fetchUnnamed(_ name: String, _ ticket: OrderTicket) throws {
        note(.ordered(.get(GetOrder(ticket: ticket, choice: .name(try RelativePath(name))))))
        step()
        try swarm(seeds: [1], peers: [])
        open()
        try bitfield("###", from: 1)
        while true {
            let asks = asks()
            for asked in asks { try deliver(asked) }
            if asks.isEmpty { break }
        }
    }
}
