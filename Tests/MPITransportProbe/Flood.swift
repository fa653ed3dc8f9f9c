internal import MPITransport
internal import Vocabulary

/// Each rank sends every other `count` numbered messages as fast as they are taken, and checks that
/// those of each sender arrive whole, in order, once.
struct Flood {
    let count: Int
    let to: Tag
    /// The size of a message, by its number.
    let size: @Sendable (Int) -> Int

    struct Outcome {
        var refusals = 0
        var faults = 0
        var isComplete = false
    }

    func run(_ endpoint: inout MPIEndpoint, within limit: Duration) -> Outcome {
        var outcome = Outcome()
        var sent = Array(repeating: 0, count: endpoint.rankCount)
        var received = Array(repeating: 0, count: endpoint.rankCount)
        let me = Int(endpoint.rank.raw)
        (sent[me], received[me]) = (count, count)
        let deadline = Clock.now + limit
        var backOff = BackOff()
        while Clock.now < deadline {
            var isBusy = sendMore(&endpoint, &sent, &outcome)
            while let event = endpoint.next() {
                isBusy = true
                receive(event, &endpoint, &received, &outcome)
            }
            if endpoint.isDrained, (sent + received).allSatisfy({ $0 == count }) {
                outcome.isComplete = true
                break
            }
            if isBusy { backOff.reset() } else { backOff.wait() }
        }
        return outcome
    }

    private func sendMore(
        _ endpoint: inout MPIEndpoint, _ sent: inout [Int], _ outcome: inout Outcome
    ) -> Bool {
        var isBusy = false
        for rank in sent.indices {
            while sent[rank] < count {
                let bytes = Numbered.bytes(sent[rank], size: size(sent[rank]))
                guard unsafe endpoint.send(bytes.span.bytes, to: Rank(Int32(rank)), tag: to) else {
                    outcome.refusals += 1
                    break
                }
                sent[rank] += 1
                isBusy = true
            }
        }
        return isBusy
    }

    private func receive(
        _ event: consuming TransportEvent, _ endpoint: inout MPIEndpoint,
        _ received: inout [Int], _ outcome: inout Outcome
    ) {
        switch consume event {
        case .message(let arrival):
            let source = Int(arrival.source.raw)
            if Numbered.read(arrival, size: size) != received[source] { outcome.faults += 1 }
            received[source] += 1
            endpoint.giveBack(arrival)
        case .payload: outcome.faults += 1
        case .withdrawn: outcome.faults += 1
        case .payloadSent: outcome.faults += 1
        }
    }
}
