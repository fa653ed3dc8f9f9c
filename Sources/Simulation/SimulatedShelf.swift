package import Vocabulary

/// Reads pieces from a simulated disk, which takes no time: what was just written is in memory.
package struct SimulatedShelf: ~Copyable, PieceReader {
    package typealias Payload = SimulatedPayload

    private let network: SimulatedNetwork
    private let rank: Rank
    private var outcomes: [ReadOutcome] = []
    private var first = 0
    /// Read, and not yet released: never more than a few.
    private var atHand: [(ticket: ReadTicket, payload: SimulatedPayload)] = []

    init(_ network: SimulatedNetwork, _ rank: Rank) {
        self.network = network
        self.rank = rank
    }

    package mutating func read(_ piece: PieceIndex, of content: ContentID, ticket: ReadTicket) {
        var payload: SimulatedPayload?
        if let isGenuine = network.state.disks[Int(rank.raw)].read(piece, of: content),
            let geometry = network.state.contents.first(where: { $0.content == content })?.geometry
        {
            let size = geometry.carriesBytes ? geometry.size(of: piece) : 0
            payload = SimulatedPayload(content, piece, byteCount: size, isGenuine: isGenuine)
        }
        if let payload { atHand.append((ticket, payload)) }
        outcomes.append(ReadOutcome(ticket, isGood: payload != nil))
        network.state.diskWillDo(UInt32(2 * rank.raw + 1), at: network.state.now)
    }

    package mutating func next() -> ReadOutcome? {
        guard network.state.hasDiskNews(UInt32(2 * rank.raw + 1)) else { return nil }
        let outcome = outcomes[first]
        first += 1
        if first == outcomes.count {
            outcomes.removeAll(keepingCapacity: true)
            first = 0
        }
        network.state.diskTold(UInt32(2 * rank.raw + 1))
        return outcome
    }

    package func payload(of ticket: ReadTicket) -> SimulatedPayload {
        guard let row = atHand.first(where: { $0.ticket == ticket }) else {
            preconditionFailure("a payload is sent that was not read")
        }
        return row.payload
    }

    /// They stand in the manifests.
    package mutating func digests(
        of content: ContentID, from first: Int, count: Int
    ) -> [UInt8]? { nil }

    package mutating func release(_ ticket: ReadTicket) {
        atHand.removeAll { $0.ticket == ticket }
    }
}
