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

    package mutating func open(_ content: ContentID, manifest: RawSpan) {
        if let staged { return staged.open(content, manifest) }
        let known = geometry(of: content)
        let isRight = known == SimulatedContent.geometry(of: manifest)
        opened(content, isRight ? known : nil)
    }

    package mutating func open(_ content: ContentID, fetchedAs manifest: ContentID) {
        opened(content, geometry(of: content))
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

    package mutating func settle(_ content: ContentID, isGranted: Bool, taken: ByteCount) {
        staged?.settle(isGranted: isGranted)
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
            staged?.verifies(payload.version, as: piece, digest) ?? (payload.version == 0)
        else { return answers.put(.bad(piece, of: content)) }
        let size = Int(payload.byteCount)
        let (done, failure) = network.state.disks[Int(rank.raw)].write(size, now: network.state.now)
        if let failure { return answers.put(.failed(content, failure), at: done) }
        answers.put(
            .kept(piece, of: content), at: done,
            deed: .keeps(piece, of: content, version: payload.version))
        staged?.noteKept(piece, version: payload.version)
    }

    package mutating func discard(_ payload: consuming SimulatedPayload) {}

    package mutating func forsake(_ content: ContentID) {
        network.state.disks[Int(rank.raw)].forsake(content)
    }

    // Every piece of a batch job was compared with the digests in the manifest.

    package mutating func prove(_ content: ContentID, table: PieceDigest) {
        guard let staged else { return answers.put(.proven(content)) }
        staged.prove(table: table)
    }

    package mutating func compare(_ content: ContentID, from first: Int, digests: RawSpan) {
        guard let staged else { return answers.put(.compared(content, wrong: [])) }
        staged.compare(from: first, digests)
    }

    package mutating func hear(_ content: ContentID, from first: Int, digests: RawSpan) {
        guard let staged else { return answers.put(.heard(content, wrong: [])) }
        staged.hear(from: first, digests)
    }

    package mutating func publish(_ content: ContentID) { staged?.publish() }

    package mutating func readRest(of content: ContentID) { staged?.readRest() }

    package mutating func finish(_ content: ContentID, for want: WantNumber) {
        if let staged { return staged.finish(for: want) }
        answers.put(.finished(content, want), deed: .names(content))
    }

    /// Nothing takes a finished copy away.
    package mutating func lookAgain() { answers.put(.lookedAgain) }

    package mutating func next() -> StoreEvent? { answers.next() }
}
