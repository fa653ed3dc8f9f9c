package import Vocabulary

/// The virtual clock, and all events to come.
///
/// Messages of equal latency wait in lanes, where each costs O(1); other events wait in a heap. The
/// next event is the least of all heads by time, then by order of submission. Invariant: no event
/// is earlier than `now`.
package struct EventQueue {
    package private(set) var now = Tick.zero
    package private(set) var eventCount: UInt64 = 0
    private var sequence: UInt64 = 0
    private var heap = EventHeap()
    private var lanes: [EventLane]

    /// One lane for each delay.
    package init(delays: [Duration]) {
        lanes = delays.map { EventLane(delay: $0.wholeNanoseconds) }
    }

    /// A time in the past counts as now.
    package mutating func schedule(
        _ kind: EventKind, _ subject: UInt32, generation: UInt32 = 0, at time: Tick
    ) {
        let nanoseconds = max(time, now).nanoseconds
        heap.insert(row(kind, subject, generation, at: nanoseconds))
    }

    /// Schedules an event after the lane's delay.
    @inline(__always)
    package mutating func append(_ kind: EventKind, _ subject: UInt32, lane: Int) {
        lanes[lane].append(row(kind, subject, 0, at: now.nanoseconds + lanes[lane].delay))
    }

    package func delay(of lane: Int) -> UInt64 { lanes[lane].delay }

    @inline(__always)
    private mutating func row(
        _ kind: EventKind, _ subject: UInt32, _ generation: UInt32, at nanoseconds: UInt64
    ) -> EventRow {
        sequence += 1
        return EventRow(
            nanoseconds: nanoseconds, order: sequence << 8 | UInt64(kind.rawValue),
            subject: subject, generation: generation)
    }

    /// Takes the next event, and moves the clock to its time, unless that is later than `end`.
    @inline(__always)
    package mutating func next(through end: Tick) -> EventRow? {
        var best: EventRow?
        var bestLane = -1
        if let top = heap.top, top.nanoseconds <= end.nanoseconds { best = top }
        for lane in lanes.indices where lanes[lane].count > 0 {
            let head = lanes[lane].head
            guard head.nanoseconds <= end.nanoseconds, best.map(head.precedes) ?? true else {
                continue
            }
            best = head
            bestLane = lane
        }
        guard let best else { return nil }
        if bestLane >= 0 { lanes[bestLane].removeHead() } else { heap.removeTop() }
        now = best.time
        eventCount += 1
        return best
    }

    /// Moves the clock without any event.
    package mutating func wait(until end: Tick) { now = max(now, end) }

    package func checkInvariants() {
        heap.checkInvariants()
        if let top = heap.top { precondition(top.time >= now, "an event in the past") }
        for lane in lanes where lane.count > 0 {
            precondition(lane.head.time >= now, "an event in the past")
        }
    }
}
