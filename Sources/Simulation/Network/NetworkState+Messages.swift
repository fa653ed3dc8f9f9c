import Vocabulary
import Wire

/// Messages, from the sender's bytes to the reader's inbox.
extension NetworkState {
    @inline(__always)
    mutating func send(_ message: RawSpan, from source: Rank, to destination: Rank, tag: Tag)
        -> Bool
    {
        if watch != nil { inspect(message, from: source, to: destination, tag: tag) }
        guard mischief.isEmpty || mischief[Int(source.raw)].isEmpty else {
            return sendMischievously(message, from: source, to: destination, tag: tag)
        }
        post(message, from: source, to: destination, tag: UInt8(tag.rawValue))
        return true
    }

    /// A message completes at once, as an eager send does. Messages to dead ranks are dropped.
    @inline(__always)
    mutating func post(_ message: RawSpan, from source: Rank, to destination: Rank, tag: UInt8) {
        let reader = ends.reader(of: tag, at: Int(destination.raw))
        let head = SlotHead(
            next: SlotHead.none, endpoint: reader, source: source.raw, byteCount: 0, long: 0,
            request: 0, kind: SlotKind.message.rawValue, tag: tag)
        launch(slots.take(head, bytes: message), from: source.raw, to: destination.raw, tag: tag)
        counts.peakSlots = max(counts.peakSlots, slots.lentCount)
    }

    @inline(__always)
    private mutating func launch(
        _ slot: UInt32, from source: Int32, to destination: Int32, tag: UInt8
    ) {
        let lane = latency.lane(source, destination, seed: seed)
        guard !lastArrival.isEmpty else {
            return queue.append(.delivered, slot, lane: lane)
        }
        fired[FaultKind.jitter.rawValue] += 1
        let jitter = jitterChance.next() % (latency.jitterMax.wholeNanoseconds + 1)
        let pair = Int(source) * rankCount + Int(destination)
        let place = pair * Tag.allCases.count + Int(tag) - 1
        let usual = now.nanoseconds + queue.delay(of: lane) + jitter
        // A later message arrives later, or at the same time and behind this one.
        lastArrival[place] = max(lastArrival[place], usual)
        queue.schedule(.delivered, slot, at: Tick(nanoseconds: lastArrival[place]))
    }

    /// A slot has reached its reader.
    @inline(__always)
    mutating func delivered(_ slot: UInt32) {
        let head = slots.head(slot)
        guard endpoints[Int(head.endpoint)].isOpen else {
            counts.dropped += 1
            return slots.free(slot)
        }
        noteDelivery(slot, head)
        if head.kind == SlotKind.payload.rawValue { return matched(slot, head) }
        put(slot, into: head.endpoint)
    }

    @inline(__always)
    private mutating func noteDelivery(_ slot: UInt32, _ head: SlotHead) {
        hash.mix(now.nanoseconds)
        let who = UInt64(UInt32(bitPattern: head.source)) << 32 | UInt64(head.endpoint)
        hash.mix(who ^ UInt64(head.tag) << 56)
        guard head.kind == SlotKind.message.rawValue else {
            let payload = slots.payload(slot)
            hash.mix(UInt64(head.request) << 32 | UInt64(payload.piece))
            return hash.mix(payload.contentLow ^ UInt64(payload.version))
        }
        let bytes = unsafe UnsafeRawBufferPointer(slots.memory(slot))
        unsafe hash.mix(bytes)
        unsafe counts.messagesByKind[bytes.isEmpty ? 0 : Int(bytes[0])] += 1
        counts.handled[Int(head.source)] += 1
        counts.handled[ends.rank(of: head.endpoint)] += 1
        counts.messageBytes += UInt64(bytes.count)
    }

    @inline(__always)
    mutating func put(_ slot: UInt32, into endpoint: UInt32) {
        let place = Int(endpoint)
        slots.setNext(SlotHead.none, of: slot)
        if endpoints[place].last == SlotHead.none {
            endpoints[place].first = slot
        } else {
            slots.setNext(slot, of: endpoints[place].last)
        }
        endpoints[place].last = slot
        markReady(endpoint)
    }

    /// Takes the next slot from an inbox, as an event for its reader.
    @inline(__always)
    mutating func next(for endpoint: UInt32) -> TransportEvent? {
        let place = Int(endpoint)
        let slot = endpoints[place].first
        guard slot != SlotHead.none else { return nil }
        let head = slots.head(slot)
        endpoints[place].first = head.next
        if head.next == SlotHead.none { endpoints[place].last = SlotHead.none }
        if head.kind == SlotKind.message.rawValue, let tag = Tag(rawValue: Int32(head.tag)) {
            return .message(
                unsafe Arrival(
                    source: Rank(head.source), tag: tag, slot: Int(slot),
                    memory: UnsafeRawBufferPointer(slots.memory(slot))))
        }
        let request = RequestNumber(head.request)
        switch SlotKind(rawValue: head.kind) {
        case .payload:
            endpoints[place].untaken.append(slot)
            let byteCount = Int(slots.payload(slot).byteCount)
            return .payload(byteCount: byteCount, from: Rank(head.source), request: request)
        case .withdrawn:
            endpoints[place].untaken.append(slot)
            return .withdrawn(request: request)
        case .payloadSent:
            slots.free(slot)
            return .payloadSent(request: request, to: Rank(head.source))
        case .message, nil: preconditionFailure("a message on no tag")
        }
    }

    mutating func take(_ request: RequestNumber, at endpoint: UInt32) -> SimulatedPayload {
        let place = Int(endpoint)
        let untaken = endpoints[place].untaken.firstIndex {
            slots.head($0).request == request.raw
        }
        guard let untaken else {
            preconditionFailure("what is taken has come, and was not taken yet")
        }
        let slot = endpoints[place].untaken.remove(at: untaken)
        defer { slots.free(slot) }
        return slots.payload(slot)
    }

    /// The reader is gone, so its unread slots are freed.
    mutating func close(_ endpoint: UInt32) {
        let place = Int(endpoint)
        endpoints[place].isOpen = false
        while endpoints[place].first != SlotHead.none {
            let slot = endpoints[place].first
            endpoints[place].first = slots.next(of: slot)
            slots.free(slot)
        }
        endpoints[place].last = SlotHead.none
        for slot in endpoints[place].unexpected { slots.free(slot) }
        for slot in endpoints[place].untaken { slots.free(slot) }
        endpoints[place].unexpected = []
        endpoints[place].untaken = []
        endpoints[place].posted = []
    }
}
