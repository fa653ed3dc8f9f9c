internal import Glibc
internal import MPITransport
internal import Vocabulary

/// Rank 1 dies while rank 0 sends it payloads. Rank 0 sends it two more, exchanges payloads with
/// rank 2, and both survive. They leave without MPI, which would wait for the dead rank.
struct Survival {
    private static let byteCount = 8 << 20
    private static let other = RequestNumber(99)

    static func run(_ endpoint: inout MPIEndpoint, within limit: Duration) -> String? {
        let dying = Rank(1)
        switch endpoint.rank.raw {
        case 0:
            send(RequestNumber(0), to: dying, &endpoint)
            guard poll(&endpoint, until: \.hasSent, within: limit) else { return "no connection" }
            for number: UInt32 in 1..<14 { send(RequestNumber(number), to: dying, &endpoint) }
            _ = poll(&endpoint, until: \.isNever, within: .milliseconds(300))
            for number: UInt32 in 14..<16 { send(RequestNumber(number), to: dying, &endpoint) }
            return exchange(with: Rank(2), &endpoint, within: limit)
        case 1:
            for number: UInt32 in 0..<16 {
                let buffer = PieceBuffer(byteCount: byteCount)
                endpoint.expect(buffer, from: .first, request: RequestNumber(number))
            }
            _ = poll(&endpoint, until: \.hasReceived, within: limit)
            _ = poll(&endpoint, until: \.isNever, within: .milliseconds(10))
            kill(getpid(), SIGKILL)
            return "killed, and alive"
        default: return exchange(with: .first, &endpoint, within: limit)
        }
    }

    private static func send(
        _ request: RequestNumber, to destination: Rank, _ endpoint: inout MPIEndpoint
    ) {
        let payload = PieceBuffer(byteCount: byteCount)
        _ = endpoint.sendPayload(payload, to: destination, request: request)
    }

    private static func exchange(
        with rank: Rank, _ endpoint: inout MPIEndpoint, within limit: Duration
    ) -> String? {
        endpoint.expect(PieceBuffer(byteCount: byteCount), from: rank, request: other)
        send(other, to: rank, &endpoint)
        let hasExchanged = poll(&endpoint, until: \.hasExchanged, within: limit)
        return hasExchanged ? nil : "rank \(rank) cannot be reached"
    }

    private struct Seen {
        var hasSent = false
        var hasReceived = false
        var hasExchanged: Bool { hasSent && hasReceived }
        var isNever: Bool { false }
    }

    private static func poll(
        _ endpoint: inout MPIEndpoint, until isDone: (Seen) -> Bool, within limit: Duration
    ) -> Bool {
        let deadline = Clock.now + limit
        var seen = Seen()
        while Clock.now < deadline, !isDone(seen) {
            guard let event = endpoint.next() else { continue }
            switch consume event {
            case .payload(_, _, let request):
                _ = endpoint.take(request)
                seen.hasReceived = true
            case .payloadSent: seen.hasSent = true
            case .withdrawn(let request): _ = endpoint.take(request)
            case .message(let arrival): endpoint.giveBack(arrival)
            }
        }
        return isDone(seen)
    }
}
