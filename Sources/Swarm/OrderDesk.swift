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
    var joining: [OrderTicket] = []
    var leaving: [OrderTicket] = []
}
