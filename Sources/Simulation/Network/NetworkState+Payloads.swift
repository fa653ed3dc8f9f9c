import Vocabulary

/// Payloads: flows over the links, matched with posted receives.
extension NetworkState {
    mutating func sendPayload(
        _ payload: SimulatedPayload, from source: Rank, to destination: Rank,
        request: RequestNumber
    ) -> Bool {
        let from = Int(source.raw)
        let to = Int(destination.raw)
        guard hasRoom(from: from, to: destination.raw) else { return false }
        if watch != nil { inspectPayload(from: source, to: destination) }
        var flow = SendingFlow(
            source: source.raw, destination: destination.raw, request: request.raw,
            payload: payload)
        if !mischief.isHonest(from) {
            guard let spoilt = mischief.spoil(payload, of: from, &fired) else {
                // The honest node behind this endpoint believes that the payload was sent.
                reportSent(flow)
                return true
            }
            flow.payload = spoilt
        }
        if from == to || flows.isUnlimited(from: from, to: to) || flow.payload.byteCount == 0 {
            arrive(flow)
        } else {
            start(flow)
        }
        return true
    }

    /// The last byte has left: the sender learns it now, the receiver one latency later.
    mutating func arrive(_ flow: SendingFlow) {
        let isDuplicate = disks[Int(flow.destination)].holds(flow.payload)
        record.left(flow, isDuplicate: isDuplicate)
        reportSent(flow)
        let receiver = ends.download(of: Int(flow.destination))
        let head = head(of: flow, .payload, to: receiver, source: flow.source)
        let lane = delays.lane(flow.source, flow.destination)
        queue.append(.delivered, endpoints.slots.take(head, payload: flow.payload), lane: lane)
    }

    private mutating func reportSent(_ flow: SendingFlow) {
        let sender = ends.upload(of: Int(flow.source))
        guard endpoints.isOpen(sender) else { return }
        let head = head(of: flow, .payloadSent, to: sender, source: flow.destination)
        endpoints.put(endpoints.slots.take(head, payload: flow.payload), into: sender)
    }

    private func head(
        of flow: SendingFlow, _ kind: SlotKind, to endpoint: UInt32, source: Int32
    ) -> SlotHead {
        SlotHead(
            next: SlotHead.none, endpoint: endpoint, source: source,
            byteCount: UInt32(flow.payload.byteCount), long: 0, request: flow.request,
            kind: kind.rawValue, tag: 0)
    }

    mutating func expect(
        _ buffer: SimulatedPayload, at endpoint: UInt32, from source: Rank, request: RequestNumber
    ) {
        let posted = endpoints.expect(buffer, at: endpoint, from: source, request: request)
        guard let posted else { return }
        watch?.lent(posted, by: Rank(Int32(ends.rank(of: endpoint))))
    }
}
