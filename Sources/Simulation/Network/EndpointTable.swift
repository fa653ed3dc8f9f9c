import Vocabulary

/// The threads' ends of the network: their inboxes, the receives that they posted, and whether they
/// have something to do.
///
/// Invariant: a slot is in the event queue, in one inbox, among the unexpected of one endpoint,
/// lent as an arrival, or free.
struct EndpointTable: ~Copyable {
    var slots = SlotPool()
    var rows: [EndpointRow]
    /// The endpoints to be stepped now, in the order in which they became ready.
    private var ready: [UInt32] = []

    init(count: Int) {
        rows = [EndpointRow](repeating: EndpointRow(), count: count)
    }

    // MARK: Steps

    @inline(__always)
    func isOpen(_ endpoint: UInt32) -> Bool { rows[Int(endpoint)].isOpen }

    mutating func open(_ endpoint: UInt32) { rows[Int(endpoint)].isOpen = true }

    func mayStep(_ endpoint: UInt32) -> Bool {
        rows[Int(endpoint)].isOpen && !rows[Int(endpoint)].isPaused
    }

    mutating func setPaused(_ endpoint: UInt32, _ isPaused: Bool) {
        rows[Int(endpoint)].isPaused = isPaused
        if !isPaused { markReady(endpoint) }
    }

    /// Notes that the endpoint has something to do. A paused endpoint is noted when it goes on.
    @inline(__always)
    mutating func markReady(_ endpoint: UInt32) {
        let place = Int(endpoint)
        guard !rows[place].isReady, rows[place].isOpen, !rows[place].isPaused else { return }
        rows[place].isReady = true
        ready.append(endpoint)
    }

    var hasReady: Bool { !ready.isEmpty }

    /// Takes the endpoints that are to be stepped next.
    mutating func takeReady(into batch: inout [UInt32]) {
        swap(&ready, &batch)
        for endpoint in batch { rows[Int(endpoint)].isReady = false }
    }

    /// Takes the endpoint that became ready last.
    mutating func takeLastReady() -> UInt32 {
        let endpoint = ready.removeLast()
        rows[Int(endpoint)].isReady = false
        return endpoint
    }

    // MARK: Alarms and disks

    /// Returns the generation of the alarm; nil where one that is not later is due already.
    mutating func setAlarm(_ endpoint: UInt32, at nanoseconds: UInt64) -> UInt32? {
        let place = Int(endpoint)
        guard nanoseconds < rows[place].alarm else { return nil }
        rows[place].alarm = nanoseconds
        rows[place].alarmGeneration &+= 1
        return rows[place].alarmGeneration
    }

    mutating func alarmRang(_ endpoint: UInt32, generation: UInt32) {
        guard rows[Int(endpoint)].alarmGeneration == generation else { return }
        rows[Int(endpoint)].alarm = .max
        markReady(endpoint)
    }

    /// Whether its disk has a report that its node has not taken.
    @inline(__always)
    func hasDiskNews(_ endpoint: UInt32) -> Bool { rows[Int(endpoint)].diskPending > 0 }

    mutating func addDiskNews(_ endpoint: UInt32) { rows[Int(endpoint)].diskPending += 1 }

    mutating func takeDiskNews(_ endpoint: UInt32) { rows[Int(endpoint)].diskPending -= 1 }

    // MARK: Inboxes

    @inline(__always)
    mutating func put(_ slot: UInt32, into endpoint: UInt32) {
        let place = Int(endpoint)
        slots.setNext(SlotHead.none, of: slot)
        if rows[place].last == SlotHead.none {
            rows[place].first = slot
        } else {
            slots.setNext(slot, of: rows[place].last)
        }
        rows[place].last = slot
        markReady(endpoint)
    }

    /// Takes the next slot from an inbox, as an event for its reader.
    @inline(__always)
    mutating func next(for endpoint: UInt32) -> TransportEvent? {
        let place = Int(endpoint)
        let slot = rows[place].first
        guard slot != SlotHead.none else { return nil }
        let head = slots.head(slot)
        rows[place].first = head.next
        if head.next == SlotHead.none { rows[place].last = SlotHead.none }
        if head.kind == SlotKind.message.rawValue, let tag = Tag(rawValue: Int32(head.tag)) {
            return .message(
                unsafe Arrival(
                    source: Rank(head.source), tag: tag, slot: Int(slot),
                    memory: UnsafeRawBufferPointer(slots.memory(slot))))
        }
        let request = RequestNumber(head.request)
        switch SlotKind(rawValue: head.kind) {
        case .payload:
            rows[place].untaken.append(slot)
            let byteCount = Int(slots.payload(slot).byteCount)
            return .payload(byteCount: byteCount, from: Rank(head.source), request: request)
        case .withdrawn:
            rows[place].untaken.append(slot)
            return .withdrawn(request: request)
        case .payloadSent:
            slots.free(slot)
            return .payloadSent(request: request, to: Rank(head.source))
        case .message, nil: preconditionFailure("a message on no tag")
        }
    }

    mutating func take(_ request: RequestNumber, at endpoint: UInt32) -> SimulatedPayload {
        let place = Int(endpoint)
        let untaken = rows[place].untaken.firstIndex {
            slots.head($0).request == request.raw
        }
        guard let untaken else {
            preconditionFailure("a payload is taken that has not come, or was taken before")
        }
        let slot = rows[place].untaken.remove(at: untaken)
        defer { slots.free(slot) }
        return slots.payload(slot)
    }

    /// The reader is gone, so its unread slots are freed.
    mutating func close(_ endpoint: UInt32) {
        let place = Int(endpoint)
        rows[place].isOpen = false
        while rows[place].first != SlotHead.none {
            let slot = rows[place].first
            rows[place].first = slots.next(of: slot)
            slots.free(slot)
        }
        rows[place].last = SlotHead.none
        for slot in rows[place].unexpected { slots.free(slot) }
        for slot in rows[place].untaken { slots.free(slot) }
        rows[place].unexpected = []
        rows[place].untaken = []
        rows[place].posted = []
    }
}
