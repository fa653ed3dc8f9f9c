import Vocabulary
import Wire

/// Messages, from the sender's bytes to the reader's inbox.
extension NetworkState {
    @inline(__always)
    mutating func send(_ message: RawSpan, from source: Rank, to destination: Rank, tag: Tag)
        -> Bool
    {
        if watch != nil { inspect(message, from: source, to: destination, tag: tag) }
        let tagByte = UInt8(tag.rawValue)
        guard !mischief.isHonest(Int(source.raw)) else {
            post(message, from: source, to: destination, tag: tagByte)
            return true
        }
        let spoilt = mischief.spoil(message, of: Int(source.raw), tag: tag, &fired)
        for _ in 0..<spoilt.copies {
            post(unsafe spoilt.bytes.span.bytes, from: source, to: destination, tag: tagByte)
        }
        return true
    }

    /// A message completes at once, as an eager send does. Messages to dead ranks are dropped.
    @inline(__always)
    private mutating func post(
        _ message: RawSpan, from source: Rank, to destination: Rank, tag: UInt8
    ) {
        let reader = ends.reader(of: tag, at: Int(destination.raw))
        let head = SlotHead(
            next: SlotHead.none, endpoint: reader, source: source.raw, byteCount: 0, long: 0,
            request: 0, kind: SlotKind.message.rawValue, tag: tag)
        let slot = endpoints.slots.take(head, bytes: message)
        launch(slot, from: source.raw, to: destination.raw, tag: tag)
        record.counts.peakSlots = max(record.counts.peakSlots, endpoints.slots.lentCount)
    }

    @inline(__always)
    private mutating func launch(
        _ slot: UInt32, from source: Int32, to destination: Int32, tag: UInt8
    ) {
        let lane = delays.lane(source, destination)
        guard delays.hasJitter else { return queue.append(.delivered, slot, lane: lane) }
        fired[FaultKind.jitter.rawValue] += 1
        let usual = now.nanoseconds + queue.delay(of: lane)
        let arrival = delays.arrival(from: source, to: destination, tag: tag, usual: usual)
        queue.schedule(.delivered, slot, at: arrival)
    }

    /// A slot has reached its reader.
    @inline(__always)
    mutating func delivered(_ slot: UInt32) {
        let head = endpoints.slots.head(slot)
        guard endpoints.isOpen(head.endpoint) else {
            record.counts.dropped += 1
            return endpoints.slots.free(slot)
        }
        let rank = ends.rank(of: head.endpoint)
        record.delivered(slot, head, endpoints.slots, to: rank, at: now)
        guard head.kind == SlotKind.payload.rawValue else {
            return endpoints.put(slot, into: head.endpoint)
        }
        guard let waiting = endpoints.matched(slot, head) else { return }
        watch?.unmatched(waiting, at: Rank(Int32(rank)))
    }
}
