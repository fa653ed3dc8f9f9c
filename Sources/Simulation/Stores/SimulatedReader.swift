package import Vocabulary

/// Reads pieces from a simulated disk. Reading takes no time, because recent writes are in memory.
package struct SimulatedReader: ~Copyable, PieceReader {
    package typealias Payload = SimulatedPayload

    private let network: SimulatedNetwork
    private let rank: Rank
    private let staged: SimulatedStageStorage?
    private let end: UInt32
    private var outcomes: [ReadOutcome] = []
    private var first = 0
    /// The pieces that were read and not yet released, never more than a few.
    private var atHand: [(ticket: ReadTicket, payload: SimulatedPayload)] = []

    init(_ network: SimulatedNetwork, _ rank: Rank, staged: SimulatedStageStorage? = nil) {
        self.network = network
        self.rank = rank
        self.staged = staged
        end = network.state.ends.upload(of: Int(rank.raw))
    }

    package mutating func read(_ piece: PieceIndex, of content: ContentID, ticket: ReadTicket) {
        let version = network.state.disks[Int(rank.raw)].read(piece, of: content)
        var digest: PieceDigest?
        var isGood = version != nil
        if let staged, let version {
            digest = staged.digest(ofRead: version, as: piece, of: content)
            isGood = digest != nil
        }
        let geometry = network.state.contents.first { $0.content == content }?.geometry
        if isGood, let version, let geometry {
            let size = geometry.carriesBytes ? geometry.size(of: piece) : 0
            let payload = SimulatedPayload(content, piece, byteCount: size, version: version)
            atHand.append((ticket, payload))
        }
        outcomes.append(ReadOutcome(ticket, isGood: isGood && geometry != nil, digest: digest))
        network.state.diskWillDo(end, at: network.state.now)
    }

    package mutating func next() -> ReadOutcome? {
        guard network.state.endpoints.hasDiskNews(end) else { return nil }
        let outcome = outcomes[first]
        first += 1
        if first == outcomes.count {
            outcomes.removeAll(keepingCapacity: true)
            first = 0
        }
        network.state.endpoints.takeDiskNews(end)
        return outcome
    }

    package func payload(of ticket: ReadTicket) -> SimulatedPayload {
        guard let row = atHand.first(where: { $0.ticket == ticket }) else {
            preconditionFailure("a payload is sent that was not read")
        }
        return row.payload
    }

    /// The digests of a batch job are in the manifests.
    package mutating func digests(
        of content: ContentID, from first: Int, count: Int
    ) -> [UInt8]? { staged?.table(first..<first + count, of: content) }

    package mutating func release(_ ticket: ReadTicket) {
        atHand.removeAll { $0.ticket == ticket }
    }
}
