internal import MPITransport
internal import Vocabulary

/// Messages and payloads that do not come, come late, or are too long.
extension Scenario {
    /// Of two buffers that every rank lends, one never gets a payload and is withdrawn; the payload
    /// of the other comes before the withdrawal, and is delivered.
    static func withdraw(_ endpoint: inout MPIEndpoint) -> String? {
        let next = Rank((endpoint.rank.raw + 1) % Int32(endpoint.rankCount))
        let previous = Rank(
            (endpoint.rank.raw + Int32(endpoint.rankCount) - 1) % Int32(endpoint.rankCount))
        let (never, late) = (RequestNumber(1), RequestNumber(2))
        endpoint.expect(PieceBuffer(byteCount: 4096), from: previous, request: never)
        endpoint.expect(PieceBuffer(byteCount: 4096), from: previous, request: late)
        endpoint.withdraw(never)
        // A second withdrawal, or that of a buffer that was never lent, has no effect.
        endpoint.withdraw(never)
        endpoint.withdraw(RequestNumber(99))
        guard endpoint.sendPayload(PieceBuffer(byteCount: 4000), to: next, request: late) else {
            return "refused"
        }
        var seen: [String] = []
        let deadline = Clock.now + .seconds(10)
        var backOff = BackOff()
        while Clock.now < deadline, seen.count < 3 {
            guard let event = endpoint.next() else {
                backOff.wait()
                continue
            }
            switch consume event {
            case .payload(let byteCount, let source, let request):
                _ = endpoint.take(request)
                let isRight = request == late && source == previous
                seen.append(isRight ? "payload \(byteCount)" : "wrong payload")
                endpoint.withdraw(late)
            case .withdrawn(let request):
                let buffer = endpoint.take(request)
                let isRight = request == never && buffer.byteCount == 4096
                seen.append(isRight ? "withdrawn" : "wrongly withdrawn")
            case .payloadSent(let request, let destination):
                seen.append(request == late && destination == next ? "sent" : "wrongly sent")
            case .message(let arrival):
                seen.append("message")
                endpoint.giveBack(arrival)
            }
        }
        return seen.sorted() == ["payload 4000", "sent", "withdrawn"] ? nil : "\(seen)"
    }

    /// Rank 0 sends rank 1 three overlong messages, and a valid one after each. `endpoint` takes
    /// 512 bytes at most. All stay below 4 KiB, where Open MPI 4.1.4 begins to fetch a message from
    /// its sender: then it reports the truncation, yet writes past the end of the buffer.
    static func overlong(_ endpoint: inout MPIEndpoint, _ world: borrowing MPIWorld) -> String? {
        var generous = MPIEndpoint(world, reading: [.overlay], messageSizeMax: messageSizeMax)
        let sizes = [600, 64, 3_900, 65, 1_000, 66]
        var received: [Int] = []
        var left = endpoint.rank.raw == 0 ? sizes[...] : []
        let isReader = endpoint.rank.raw == 1
        // Each is reported without bytes. So is the wrong payload, whose buffer is returned.
        if isReader {
            endpoint.expect(PieceBuffer(byteCount: 10), from: .first, request: RequestNumber(1))
        } else if endpoint.rank.raw == 0 {
            let payload = PieceBuffer(byteCount: 20)
            guard generous.sendPayload(payload, to: Rank(1), request: RequestNumber(1)) else {
                return "refused"
            }
        }
        let deadline = Clock.now + .seconds(10)
        var backOff = BackOff()
        while Clock.now < deadline {
            while let size = left.first,
                unsafe generous.send(
                    Numbered.bytes(size, size: size).span.bytes, to: Rank(1), tag: .download)
            { left.removeFirst() }
            while let event = generous.next() { discard(event, &generous) }
            while let event = endpoint.next() {
                switch consume event {
                case .message(let arrival):
                    received.append(Numbered.read(arrival, size: { $0 }) ?? -1)
                    endpoint.giveBack(arrival)
                case .payload(let byteCount, let source, let request):
                    _ = source
                    _ = endpoint.take(request)
                    received.append(byteCount)
                case .withdrawn: received.append(-2)
                case .payloadSent: received.append(-3)
                }
            }
            if left.isEmpty, generous.isDrained, !isReader || received.count >= 7 { break }
            backOff.wait()
        }
        if let complaint = close(&generous) { return complaint }
        let isRight =
            !isReader
            || received.sorted() == [-1, -1, -1, 0, 64, 65, 66] && endpoint.malformedCount == 4
        return isRight ? nil : "\(received), malformed \(endpoint.malformedCount)"
    }

    /// Payloads without a receiver do not keep a rank from leaving, and their number is limited.
    static func stuck(_ endpoint: inout MPIEndpoint) -> String? {
        let next = Rank((endpoint.rank.raw + 1) % Int32(endpoint.rankCount))
        var begun = 0
        while begun < 100,
            endpoint.sendPayload(
                PieceBuffer(byteCount: 1 << 20), to: next, request: RequestNumber(UInt32(begun)))
        { begun += 1 }
        let before = Clock.now
        while let event = endpoint.next() { discard(event, &endpoint) }
        endpoint.close(while: { Clock.now - before < .milliseconds(200) })
        let took = Clock.now - before
        if begun == 16, !endpoint.isDrained, took < .seconds(5), endpoint.next() == nil {
            return nil
        }
        return "begun \(begun), drained \(endpoint.isDrained), took \(took)"
    }

    static func discard(
        _ event: consuming TransportEvent, _ endpoint: inout MPIEndpoint
    ) {
        if case .message(let arrival) = consume event { endpoint.giveBack(arrival) }
    }
}
