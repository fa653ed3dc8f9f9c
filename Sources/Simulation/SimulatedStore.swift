package import Vocabulary

/// A store on a simulated disk: bytes are tokens, and verifying them is comparing.
package struct SimulatedStore: ~Copyable, DigestedStore {
    package typealias Payload = SimulatedPayload

    private struct Completion {
        let due: Tick
        let event: StoreEvent
    }

    private let network: SimulatedNetwork
    private let rank: Rank
    /// In the order of their times: a disk does one thing after the other.
    private var completions: [Completion] = []
    private var first = 0

    init(_ network: SimulatedNetwork, _ rank: Rank) {
        self.network = network
        self.rank = rank
    }

    package mutating func open(_ content: ContentID, manifest: RawSpan) {
        let known = geometry(of: content)
        let isRight = known == SimulatedContent.geometry(of: manifest)
        opened(content, isRight ? known : nil)
    }

    package mutating func open(_ content: ContentID, fetchedAs manifest: ContentID) {
        opened(content, geometry(of: content))
    }

    private mutating func opened(_ content: ContentID, _ geometry: Geometry?) {
        complete(.opened(content, geometry.map { OpenedContent($0) }), at: network.state.now)
    }

    private func geometry(of content: ContentID) -> Geometry? {
        network.state.contents.first { $0.content == content }?.geometry
    }

    package mutating func blank(byteCount: Int) -> SimulatedPayload {
        .blank(byteCount: byteCount)
    }

    package mutating func keep(
        _ payload: consuming SimulatedPayload, as piece: PieceIndex, of content: ContentID,
        digest: PieceDigest?
    ) {
        guard let geometry = geometry(of: content), payload.isGenuine,
            payload.content == content, payload.piece == piece.raw,
            Int(payload.byteCount) == geometry.size(of: piece)
        else { return complete(.bad(piece, of: content), at: network.state.now) }
        let size = Int(payload.byteCount)
        let (done, failure) = network.state.disks[Int(rank.raw)].write(size, now: network.state.now)
        if let failure {
            complete(.failed(content, failure), at: done)
        } else {
            complete(.kept(piece, of: content), at: done)
        }
    }

    package mutating func discard(_ payload: consuming SimulatedPayload) {}

    package mutating func finish(_ content: ContentID, for want: WantNumber) {
        complete(.finished(content, want), at: network.state.now)
    }

    private mutating func complete(_ event: StoreEvent, at due: Tick) {
        let due = max(due, completions.last?.due ?? .zero)
        completions.append(Completion(due: due, event: event))
        network.state.diskWillDo(UInt32(2 * rank.raw), at: due)
    }

    package mutating func next() -> StoreEvent? {
        guard network.state.hasDiskNews(UInt32(2 * rank.raw)) else { return nil }
        let event = completions[first].event
        first += 1
        if first == completions.count {
            completions.removeAll(keepingCapacity: true)
            first = 0
        }
        network.state.diskTold(UInt32(2 * rank.raw))
        if case .kept(let piece, let content) = event {
            network.state.disks[Int(rank.raw)].keep(piece, of: content)
        }
        if case .finished = event { network.state.wantFinished(by: rank) }
        return event
    }
}
