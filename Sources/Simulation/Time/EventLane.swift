/// Events with the same delay, which therefore happen in the order of their submission: a ring that
/// grows by doubling. The cost of an operation does not depend on the number of events.
struct EventLane {
    let delay: UInt64
    private var rows: [EventRow]
    private var first = 0
    private(set) var count = 0

    init(delay: UInt64) {
        self.delay = delay
        let none = EventRow(nanoseconds: 0, order: 0, subject: 0, generation: 0)
        rows = [EventRow](repeating: none, count: 1024)
    }

    /// The row that is due first. The lane must not be empty.
    @inline(__always)
    var head: EventRow { rows[first] }

    @inline(__always)
    mutating func append(_ row: EventRow) {
        if count == rows.count { grow() }
        rows[(first + count) & (rows.count - 1)] = row
        count += 1
    }

    @inline(__always)
    mutating func removeHead() {
        first = (first + 1) & (rows.count - 1)
        count -= 1
    }

    private mutating func grow() {
        let head = rows[first...]
        rows = Array(head) + rows[..<first] + [EventRow](repeating: rows[0], count: count)
        first = 0
    }
}
