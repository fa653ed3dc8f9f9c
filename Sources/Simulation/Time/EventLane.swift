/// Events that all happen the same time after their submission, hence in the order of it: a ring
/// that grows by doubling. Putting in and taking out cost nothing that depends on how many wait.
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

    /// The row that is due first. Only of a lane that is not empty.
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
