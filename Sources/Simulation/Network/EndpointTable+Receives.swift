import Vocabulary

/// Payloads and the receives that are posted for them.
extension EndpointTable {
    /// Puts the payload into the inbox if its receive is posted; otherwise the payload waits for
    /// that, and the number of payloads that wait is returned.
    mutating func matched(_ slot: UInt32, _ head: SlotHead) -> Int? {
        let place = Int(head.endpoint)
        let posted = rows[place].posted.firstIndex {
            $0.request == head.request && $0.source == head.source
        }
        guard let posted else {
            rows[place].unexpected.append(slot)
            return rows[place].unexpected.count
        }
        rows[place].posted.swapRemove(at: posted)
        put(slot, into: head.endpoint)
        return nil
    }

    /// Posts a receive, and returns the number of posted ones; nil where the payload was there
    /// already.
    mutating func expect(
        _ buffer: SimulatedPayload, at endpoint: UInt32, from source: Rank, request: RequestNumber
    ) -> Int? {
        let place = Int(endpoint)
        let early = rows[place].unexpected.firstIndex {
            let head = slots.head($0)
            return head.request == request.raw && head.source == source.raw
        }
        if let early {
            let slot = rows[place].unexpected.remove(at: early)
            put(slot, into: endpoint)
            return nil
        }
        rows[place].posted.append(
            PostedReceive(request: request.raw, source: source.raw, buffer: buffer))
        return rows[place].posted.count
    }

    /// Returns the buffer as an event. Does nothing where the payload is already in it.
    mutating func withdraw(_ request: RequestNumber, at endpoint: UInt32) {
        let place = Int(endpoint)
        let posted = rows[place].posted.firstIndex { $0.request == request.raw }
        guard let posted else { return }
        let receive = rows[place].posted[posted]
        rows[place].posted.swapRemove(at: posted)
        let head = SlotHead(
            next: SlotHead.none, endpoint: endpoint, source: receive.source, byteCount: 0, long: 0,
            request: request.raw, kind: SlotKind.withdrawn.rawValue, tag: 0)
        put(slots.take(head, payload: receive.buffer), into: endpoint)
    }
}

extension Array {
    /// The order does not matter here: the last element takes the free place.
    fileprivate mutating func swapRemove(at place: Int) {
        swapAt(place, count - 1)
        removeLast()
    }
}
