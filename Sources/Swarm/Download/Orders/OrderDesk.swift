import Vocabulary
import Wire

/// Orders of users that wait for the tracker's answer. One list is asked for at a time; who wants
/// it later gets the next one, which is newer.
struct OrderDesk: Sendable {
    /// A list that comes in pages.
    struct Listing<Entry: TailEntry>: Sendable {
        var waiting: [OrderTicket] = []
        private(set) var served: [OrderTicket] = []
        private(set) var entries: [Entry] = []

        var isAsking: Bool { !served.isEmpty }

        /// True when there is somebody to ask for.
        mutating func begin() -> Bool {
            guard served.isEmpty, !waiting.isEmpty else { return false }
            served = waiting
            waiting = []
            return true
        }

        /// What was told so far is of a tracker that is gone.
        mutating func restart() { entries = [] }

        mutating func take(_ page: [Entry]) { entries += page }

        /// What was asked for is here. Returns for whom, and all of it.
        mutating func end() -> (tickets: [OrderTicket], entries: [Entry]) {
            defer {
                served = []
                entries = []
            }
            return (served, entries)
        }

        /// Nobody will answer.
        mutating func drop() -> [OrderTicket] {
            defer { self = Listing() }
            return served + waiting
        }
    }

    var catalog = Listing<CatalogEntry>()
    var roll = Listing<RollEntry>()
    /// Of what that is the roll; none is of the whole job.
    private(set) var rollTopic = ContentID.none
    /// Who waits for a roll, and of what.
    var rolls: [(topic: ContentID, ticket: OrderTicket)] = []
    /// The oldest first.
    var holdings: [HoldingQuery] = []
    var joining: [OrderTicket] = []
    var leaving: [OrderTicket] = []
    /// A user wants the job to end, and it has not ended.
    var isEndWanted = false
    /// What lay in the folders at first is in the share.
    var hasLooked = false

    /// True when there is somebody to ask for: all who wait for the same roll.
    mutating func beginRoll() -> Bool {
        guard !roll.isAsking, let topic = rolls.first?.topic else { return false }
        rollTopic = topic
        roll.waiting = rolls.filter { $0.topic == topic }.map(\.ticket)
        rolls.removeAll { $0.topic == topic }
        return roll.begin()
    }

    mutating func dropHoldings() -> [OrderTicket] {
        defer { holdings = [] }
        return holdings.flatMap(\.tickets)
    }

    mutating func dropRolls() -> [OrderTicket] {
        defer { rolls = [] }
        return roll.drop() + rolls.map(\.ticket)
    }
}
