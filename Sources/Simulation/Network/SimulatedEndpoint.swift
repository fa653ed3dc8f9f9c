package import Vocabulary

/// One thread's connection to a simulated network.
package struct SimulatedEndpoint: ~Copyable, Transport {
    package typealias Payload = SimulatedPayload

    package let rank: Rank
    private let network: SimulatedNetwork
    private let number: UInt32

    init(_ network: SimulatedNetwork, rank: Rank, rankCount: Int, number: UInt32) {
        self.rankCount = rankCount
        self.network = network
        self.rank = rank
        self.number = number
    }

    package let rankCount: Int

    package mutating func send(_ message: RawSpan, to destination: Rank, tag: Tag) -> Bool {
        network.state.send(message, from: rank, to: destination, tag: tag)
    }

    package mutating func expect(
        _ buffer: consuming SimulatedPayload, from source: Rank, request: RequestNumber
    ) {
        network.state.expect(buffer, at: number, from: source, request: request)
    }

    package mutating func withdraw(_ request: RequestNumber) {
        network.state.endpoints.withdraw(request, at: number)
    }

    package mutating func sendPayload(
        _ payload: borrowing SimulatedPayload, to destination: Rank, request: RequestNumber
    ) -> Bool {
        network.state.sendPayload(copy payload, from: rank, to: destination, request: request)
    }

    /// Messages leave at once.
    package mutating func makeRoom() {}

    package mutating func next() -> TransportEvent? { network.state.endpoints.next(for: number) }

    package mutating func take(_ request: RequestNumber) -> SimulatedPayload {
        network.state.endpoints.take(request, at: number)
    }

    package mutating func giveBack(_ arrival: consuming Arrival) {
        network.state.endpoints.slots.free(UInt32(arrival.slot))
    }

    /// Messages complete at once, so only payloads can be under way.
    package var isDrained: Bool {
        !network.state.ends.isUpload(number) || network.state.isDrained(rank)
    }
}
