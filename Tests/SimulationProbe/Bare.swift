import Simulation
import Vocabulary

/// What the network itself costs per message: no machine reads the messages, and each message that
/// arrives is answered by one of the same size to another rank.
struct Bare {
    let ranks: Int
    let messages: Int

    func run(byteCount: Int) -> Double {
        let network = SimulatedNetwork(
            contents: [],
            links: FairLinks(
                up: [Double](repeating: .infinity, count: ranks),
                down: [Double](repeating: .infinity, count: ranks)),
            rankCount: ranks, latency: Latency(), seed: 1)
        let bytes = [UInt8](repeating: 65, count: byteCount)
        let ends = Ends(network, count: ranks)
        let clock = ContinuousClock()
        let start = clock.now
        var chance = Chance(seed: 1)
        for rank in 0..<ranks {
            for _ in 0..<20 { ends.send(bytes, from: rank, to: chance.below(ranks)) }
        }
        var count = 0
        while count < messages {
            guard let endpoint = network.nextReader() else { break }
            count += ends.answer(Int(endpoint) / 2, with: bytes, chance: &chance)
        }
        return (clock.now - start).inSeconds / Double(count) * 1e9
    }
}

/// Endpoints cannot stand in an array: each is held by an object.
private struct Ends {
    private final class End {
        var endpoint: SimulatedEndpoint
        init(_ endpoint: consuming SimulatedEndpoint) { self.endpoint = endpoint }
    }

    private let ends: [End]

    init(_ network: SimulatedNetwork, count: Int) {
        ends = (0..<count).map {
            End(network.endpoint(of: Rank(Int32($0)), isUpload: false))
        }
    }

    func send(_ bytes: [UInt8], from: Int, to: Int) {
        _ = ends[from].endpoint.send(
            unsafe bytes.span.bytes, to: Rank(Int32(to)), tag: .download)
    }

    func answer(_ rank: Int, with bytes: [UInt8], chance: inout Chance) -> Int {
        let end = ends[rank]
        var count = 0
        while let event = end.endpoint.next() {
            switch consume event {
            case .message(let arrival): end.endpoint.giveBack(arrival)
            case .payload: break
            case .withdrawn: break
            case .payloadSent: break
            }
            count += 1
            send(bytes, from: rank, to: chance.below(ends.count))
        }
        return count
    }
}
