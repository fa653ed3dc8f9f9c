import Simulation
import Testing
import Vocabulary

@Suite struct MessageOrderTests {
    /// An endpoint in a class, so that a test can hold several.
    private final class End {
        var endpoint: SimulatedEndpoint

        init(_ network: SimulatedNetwork, _ rank: Int32, isUpload: Bool = false) {
            endpoint = network.endpoint(of: Rank(rank), isUpload: isUpload)
        }

        func send(_ bytes: [UInt8], to rank: Int32) {
            _ = endpoint.send(unsafe bytes.span.bytes, to: Rank(rank), tag: .download)
        }

        func sendPayload(_ payload: SimulatedPayload, to rank: Int32, request: UInt32) -> Bool {
            endpoint.sendPayload(payload, to: Rank(rank), request: RequestNumber(request))
        }

        var isDrained: Bool { endpoint.isDrained }

        /// The events that have arrived, in short.
        func words() -> [String] {
            var words: [String] = []
            while let event = endpoint.next() {
                switch consume event {
                case .message(let arrival):
                    let bytes = arrival.withBytes { unsafe $0.withUnsafeBytes { unsafe Array($0) } }
                    words.append("\(arrival.source): \(bytes[0]) of \(bytes.count)")
                    endpoint.giveBack(arrival)
                case .payload(let byteCount, let source, let request):
                    _ = endpoint.take(request)
                    words.append("\(source): payload \(byteCount) for \(request.raw)")
                case .withdrawn(let request):
                    _ = endpoint.take(request)
                    words.append("withdrawn \(request.raw)")
                case .payloadSent(let request, let rank):
                    words.append("sent \(request.raw) to \(rank)")
                }
            }
            return words
        }
    }

    private func network(
        ranks: Int, jitter: Duration = .zero, up: Double = .infinity
    ) -> SimulatedNetwork {
        var latency = Latency()
        latency.jitterMax = jitter
        let links = FairLinks(
            up: [Double](repeating: up, count: ranks),
            down: [Double](repeating: .infinity, count: ranks))
        return SimulatedNetwork(
            contents: [], links: links, rankCount: ranks, latency: latency, seed: 1)
    }

    @Test(arguments: [Duration.zero, .milliseconds(5)])
    func messagesOfOneSenderKeepTheirOrder(jitter: Duration) {
        let network = network(ranks: 3, jitter: jitter)
        let ends = (0..<3).map { End(network, Int32($0)) }
        for number in 0..<50 as Range<UInt8> {
            ends[1].send([number], to: 0)
            ends[2].send([number] + [UInt8](repeating: 0, count: 300), to: 0)
            ends[0].send([number], to: 0)
        }
        var seen: [String] = []
        while network.nextReader() != nil { seen += ends[0].words() }
        #expect(seen.count == 150)
        for source in 0..<3 {
            let own = seen.filter { $0.hasPrefix("\(source):") }
            let size = source == 2 ? 301 : 1
            #expect(own == (0..<50).map { "\(source): \($0) of \(size)" })
        }
    }

    @Test func aPayloadWaitsForItsReceive() {
        let network = network(ranks: 2, up: 1e6)
        let sender = End(network, 0, isUpload: true)
        let reader = End(network, 1)
        let payload = SimulatedPayload(
            ContentID(high: 2, low: 1), PieceIndex(3), byteCount: 1000)
        #expect(sender.sendPayload(payload, to: 1, request: 7))
        #expect(!sender.isDrained)
        #expect(network.nextReader() == 1)
        #expect(network.now == .zero + .milliseconds(1))
        #expect(sender.words() == ["sent 7 to 1"])
        #expect(sender.isDrained)
        let nobody = network.nextReader()
        #expect(nobody == nil)
        #expect(reader.words().isEmpty)
        reader.endpoint.expect(.blank(byteCount: 1000), from: Rank(0), request: RequestNumber(7))
        #expect(reader.words() == ["0: payload 1000 for 7"])
    }

    @Test func aWithdrawnBufferComesBackUnlessItIsFilled() {
        let network = network(ranks: 2, up: 1e6)
        let sender = End(network, 0, isUpload: true)
        let reader = End(network, 1)
        for number in [1, 2] as [UInt32] {
            reader.endpoint.expect(
                .blank(byteCount: 10), from: Rank(0), request: RequestNumber(number))
        }
        let payload = SimulatedPayload(
            ContentID(high: 2, low: 1), PieceIndex(0), byteCount: 10)
        #expect(sender.sendPayload(payload, to: 1, request: 2))
        while network.nextReader() != nil {}
        reader.endpoint.withdraw(RequestNumber(1))
        reader.endpoint.withdraw(RequestNumber(2))
        #expect(reader.words() == ["0: payload 10 for 2", "withdrawn 1"])
    }

    @Test func sixteenPayloadsToOneRankAreEnough() {
        let network = network(ranks: 3, up: 1e6)
        let sender = End(network, 0, isUpload: true)
        let payload = SimulatedPayload(
            ContentID(high: 2, low: 1), PieceIndex(0), byteCount: 10)
        var taken = 0
        for number in 0..<20 as Range<UInt32> {
            if sender.sendPayload(payload, to: 1, request: number) { taken += 1 }
        }
        #expect(taken == 16)
        #expect(sender.sendPayload(payload, to: 2, request: 0))
    }
}
