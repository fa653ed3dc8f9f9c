import Vocabulary

/// Payloads: flows over the links, matched with posted receives.
extension NetworkState {
    mutating func sendPayload(
        _ payload: SimulatedPayload, from source: Rank, to destination: Rank,
        request: RequestNumber
    ) -> Bool {
        let from = Int(source.raw)
        let to = Int(destination.raw)
        guard !isDead[to], hasRoom(from, to: destination.raw) else { return false }
        if watch != nil { inspectPayload(from: source, to: destination) }
        var payload = payload
        if !mischief.isEmpty, !mischief[from].isEmpty {
            guard let spoilt = spoil(payload, of: from) else {
                // The honest node behind this endpoint believes that the payload was sent.
                tellSender(
                    SendingFlow(
                        source: source.raw, destination: destination.raw, request: request.raw,
                        payload: payload))
                return true
            }
            payload = spoilt
        }
        let flow = SendingFlow(
            source: source.raw, destination: destination.raw, request: request.raw,
            payload: payload)
        guard from != to, !links.isUnlimited(from: from, to: to), payload.byteCount > 0 else {
            arrive(flow)
            return true
        }
        let number = links.start(
            from: from, to: to, byteCount: Int(payload.byteCount), now: now)
        let place = Int(number.raw)
        if place < sending.count { sending[place] = flow } else { sending.append(flow) }
        scheduleFlows()
        return true
    }

    /// Counting the flows costs less than a table of pairs, because an uploader has few.
    private func hasRoom(_ from: Int, to destination: Int32) -> Bool {
        guard links.uploadCount(of: from) + stuck[from] < Self.payloadsMax else { return false }
        var count = 0
        links.uploads(of: from) {
            if sending[Int($0.raw)].destination == destination { count += 1 }
        }
        return count < Self.payloadsPerDestinationMax
    }

    func isDrained(_ rank: Rank) -> Bool {
        links.uploadCount(of: Int(rank.raw)) + stuck[Int(rank.raw)] == 0
    }

    mutating func scheduleFlows() {
        while let (number, generation, time) = links.nextToSchedule() {
            queue.schedule(.flowEnded, number.raw, generation: generation, at: time)
        }
    }

    /// Handles an event for a flow's end, which may be stale or too early.
    mutating func flowEnded(_ raw: UInt32, generation: UInt32) {
        let number = FlowNumber(raw)
        switch links.verdict(number, generation: generation, now: now) {
        case .stale: break
        case .early(let time):
            queue.schedule(.flowEnded, raw, generation: generation, at: time)
        case .ended:
            links.end(number, now: now)
            arrive(sending[Int(raw)])
            scheduleFlows()
        }
    }

    /// The last byte has left: the sender learns it now, the receiver one latency later.
    private mutating func arrive(_ flow: SendingFlow) {
        counts.payloads += 1
        counts.served[Int(flow.source)] += UInt64(flow.payload.byteCount)
        counts.received[Int(flow.destination)] += UInt64(flow.payload.byteCount)
        if disks[Int(flow.destination)].holds(flow.payload) {
            counts.duplicateBytes += UInt64(flow.payload.byteCount)
        }
        tellSender(flow)
        let receiver = ends.download(of: Int(flow.destination))
        let head = head(of: flow, .payload, to: receiver, source: flow.source)
        let lane = latency.lane(flow.source, flow.destination, seed: seed)
        queue.append(.delivered, slots.take(head, payload: flow.payload), lane: lane)
    }

    private mutating func tellSender(_ flow: SendingFlow) {
        let sender = ends.upload(of: Int(flow.source))
        guard endpoints[Int(sender)].isOpen else { return }
        let head = head(of: flow, .payloadSent, to: sender, source: flow.destination)
        put(slots.take(head, payload: flow.payload), into: sender)
    }

    private func head(
        of flow: SendingFlow, _ kind: SlotKind, to endpoint: UInt32, source: Int32
    ) -> SlotHead {
        SlotHead(
            next: SlotHead.none, endpoint: endpoint, source: source,
            byteCount: UInt32(flow.payload.byteCount), long: 0, request: flow.request,
            kind: kind.rawValue, tag: 0)
    }

    /// Puts the payload into the inbox if its receive is posted; otherwise it waits for that.
    mutating func matched(_ slot: UInt32, _ head: SlotHead) {
        let place = Int(head.endpoint)
        let posted = endpoints[place].posted.firstIndex {
            $0.request == head.request && $0.source == head.source
        }
        guard let posted else {
            endpoints[place].unexpected.append(slot)
            let rank = Rank(Int32(ends.rank(of: head.endpoint)))
            watch?.unmatched(endpoints[place].unexpected.count, at: rank)
            return
        }
        endpoints[place].posted.swapRemove(at: posted)
        put(slot, into: head.endpoint)
    }

    mutating func expect(
        _ buffer: SimulatedPayload, at endpoint: UInt32, from source: Rank, request: RequestNumber
    ) {
        let place = Int(endpoint)
        let early = endpoints[place].unexpected.firstIndex {
            let head = slots.head($0)
            return head.request == request.raw && head.source == source.raw
        }
        if let early {
            let slot = endpoints[place].unexpected.remove(at: early)
            return put(slot, into: endpoint)
        }
        endpoints[place].posted.append(
            PostedReceive(request: request.raw, source: source.raw, buffer: buffer))
        watch?.lent(endpoints[place].posted.count, by: Rank(Int32(ends.rank(of: endpoint))))
    }

    /// Returns the buffer as an event. Does nothing where the payload is already in it.
    mutating func withdraw(_ request: RequestNumber, at endpoint: UInt32) {
        let place = Int(endpoint)
        let posted = endpoints[place].posted.firstIndex { $0.request == request.raw }
        guard let posted else { return }
        let receive = endpoints[place].posted[posted]
        endpoints[place].posted.swapRemove(at: posted)
        let head = SlotHead(
            next: SlotHead.none, endpoint: endpoint, source: receive.source, byteCount: 0, long: 0,
            request: request.raw, kind: SlotKind.withdrawn.rawValue, tag: 0)
        put(slots.take(head, payload: receive.buffer), into: endpoint)
    }

    /// Kills a rank at once: its flows break off, and messages to it are dropped.
    mutating func kill(_ rank: Rank) {
        let dead = Int(rank.raw)
        isDead[dead] = true
        for endpoint in ends.all(of: dead) { close(endpoint) }
        var broken: [FlowNumber] = []
        links.uploads(of: dead) { broken.append($0) }
        let uploadCount = broken.count
        links.downloads(of: dead) { broken.append($0) }
        for number in broken[uploadCount...] {
            stuck[Int(sending[Int(number.raw)].source)] += 1
        }
        for number in broken { links.end(number, now: now) }
        scheduleFlows()
    }
}

extension Array {
    /// The order does not matter here: the last element takes the free place.
    fileprivate mutating func swapRemove(at place: Int) {
        swapAt(place, count - 1)
        removeLast()
    }
}
