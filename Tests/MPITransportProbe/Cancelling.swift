internal import MPITransport
internal import Vocabulary

/// One thread lends a buffer, asks the other thread of its rank for the payload, and withdraws the
/// buffer at about the time when the payload comes, over and over.
struct Cancelling {
    /// Enough rounds for rare cases to occur.
    let rounds: Int
    /// After this time fewer rounds suffice: a busy machine is no failure.
    let patience: Duration

    func run(_ world: borrowing MPIWorld, within limit: Duration) -> String? {
        let deadline = Clock.now + limit
        let messageSizeMax = Scenario.messageSizeMax
        let lender = MPIEndpoint(world, reading: [.download], messageSizeMax: messageSizeMax)
        let giver = MPIEndpoint(world, reading: [.upload], messageSizeMax: messageSizeMax)
        let (rounds, enough) = (rounds, Clock.now + patience)
        let workers = [
            Worker(lender) { (endpoint: inout MPIEndpoint) -> String? in
                let complaint = Self.lend(&endpoint, rounds, enough, deadline)
                return Scenario.close(&endpoint) ?? complaint
            },
            Worker(giver) { (endpoint: inout MPIEndpoint) -> String? in
                let complaint = Self.give(&endpoint, deadline)
                return Scenario.close(&endpoint) ?? complaint
            },
        ]
        for worker in workers { worker.start() }
        return workers.compactMap { $0.join() }.first
    }

    private static func lend(
        _ endpoint: inout MPIEndpoint, _ rounds: Int, _ enough: Tick, _ deadline: Tick
    ) -> String? {
        var (round, backCount) = (0, 0)
        while round < rounds && Clock.now < enough {
            let number = RequestNumber(UInt32(round))
            endpoint.expect(PieceBuffer(byteCount: 64), from: endpoint.rank, request: number)
            tell(round, &endpoint)
            // Withdraws early in some rounds and late in others.
            for _ in 0..<round % 24 where Clock.now >= deadline { return "too slow" }
            endpoint.withdraw(number)
            var isThere = false
            while !isThere {
                guard Clock.now < deadline else {
                    return "round \(round) did not end, \(backCount) came back"
                }
                while let event = endpoint.next() {
                    switch consume event {
                    case .payload(_, let source, let request):
                        _ = source
                        _ = endpoint.take(request)
                        isThere = request == number
                    case .withdrawn(let request):
                        backCount += 1
                        // The payload comes all the same, and would lie in the way of others.
                        endpoint.expect(
                            endpoint.take(request), from: endpoint.rank, request: request)
                    case .payloadSent: break
                    case .message(let arrival): endpoint.giveBack(arrival)
                    }
                }
            }
            round += 1
        }
        tell(lastWord, &endpoint)
        return nil
    }

    /// Sends the requested payloads, until the message after the last round.
    private static func give(_ endpoint: inout MPIEndpoint, _ deadline: Tick) -> String? {
        while Clock.now < deadline {
            while let event = endpoint.next() {
                guard case .message(let arrival) = consume event else { continue }
                let round = Numbered.read(arrival) { _ in Numbered.sizeMin } ?? 0
                endpoint.giveBack(arrival)
                if round == lastWord { return nil }
                let number = RequestNumber(UInt32(round))
                guard
                    endpoint.sendPayload(
                        PieceBuffer(byteCount: 64), to: endpoint.rank, request: number)
                else { return "refused" }
            }
        }
        return "no word of the end"
    }

    private static let lastWord = Int(UInt32.max)

    private static func tell(_ number: Int, _ endpoint: inout MPIEndpoint) {
        let bytes = Numbered.bytes(number, size: Numbered.sizeMin)
        while !(unsafe endpoint.send(bytes.span.bytes, to: endpoint.rank, tag: .upload)) {
            while let event = endpoint.next() { Scenario.discard(event, &endpoint) }
        }
    }
}
