package import Vocabulary

/// A store on a simulated disk: bytes are versions of pieces, and verification compares them.
///
/// The contents of a batch job are known from the start, with their right versions.
/// `SimulatedStageStorage` handles contents that are published while they are read.
package struct SimulatedStore: ~Copyable, Store {
    package typealias Payload = SimulatedPayload

    private let network: SimulatedNetwork
    private let rank: Rank
    private let answers: SimulatedAnswers
    private let staged: SimulatedStageStorage?

    init(_ network: SimulatedNetwork, _ rank: Rank, staged: SimulatedStageStorage? = nil) {
        self.network = network
        self.rank = rank
        self.staged = staged
        answers = staged?.answers ?? SimulatedAnswers(network, rank)
    }

    package mutating func perform(_ order: StoreOrder, bytes: RawSpan) {
        switch order {
        case .open(let content): open(content, manifest: bytes)
        case .openFetched(let content, _): opened(content, geometry(of: content))
        case .settle(let content, let isGranted, _):
            staged?.settle(content, isGranted: isGranted)
        case .proof(let content, let order):
            if let staged { return staged.perform(order, of: content, bytes: bytes) }
            if let answer = order.answer(provenByManifest: content) { answers.put(answer) }
        case .finish(let content, let want):
            if let staged { return staged.finish(content, for: want) }
            answers.put(.finished(content, want), deed: .names(content))
        // Nothing takes a finished copy away.
        case .lookAgain: answers.put(.lookedAgain)
        case .removeSource:
            staged?.removeSources()
            answers.put(.lookedAgain)
        case .forsake(let content): network.state.disks[Int(rank.raw)].forsake(content)
        // A copy is found by its content, whatever order it is for.
        case .aim, .release: break
        }
    }

    private func open(_ content: ContentID, manifest: RawSpan) {
        if let staged { return staged.open(content, manifest) }
        let known = geometry(of: content)
        let isRight = known == SimulatedContent.geometry(of: manifest)
        opened(content, isRight ? known : nil)
    }

    private func opened(_ content: ContentID, _ geometry: Geometry?) {
        var opened = geometry.map { OpenedContent($0) }
        // Pieces that an earlier fetch left are still here.
        if let kept = network.state.disks[Int(rank.raw)].kept(of: content) { opened?.held = kept }
        answers.put(.opened(content, opened))
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
        guard let geometry = geometry(of: content), payload.content == content,
            payload.piece == piece.raw, Int(payload.byteCount) == geometry.size(of: piece),
            staged?.verifies(payload.version, as: piece, of: content, digest)
                ?? (payload.version == 0)
        else { return answers.put(.bad(piece, of: content)) }
        let size = Int(payload.byteCount)
        let (done, failure) = network.state.disks[Int(rank.raw)].write(size, now: network.state.now)
        if let failure { return answers.put(.failed(content, failure), at: done) }
        answers.put(
            .kept(piece, of: content), at: done,
            deed: .keeps(piece, of: content, version: payload.version))
        staged?.noteKept(piece, of: content, version: payload.version)
    }

    package mutating func discard(_ payload: consuming SimulatedPayload) {}

    package mutating func next() -> StoreEvent? { answers.next() }
}
