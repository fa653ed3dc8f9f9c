import Staging
import Swarm
import Vocabulary

/// The digests of a content without a seal: compared with the publisher's, or published.
extension SimulatedStageStorage {
    func perform(_ order: ProofOrder, of content: ContentID, bytes: RawSpan) {
        guard let tree = tree(content) else { return }
        switch order {
        case .prove(let table): prove(tree, table: table)
        case .compare(let first): compare(tree, from: first, bytes)
        case .hear(let first): hear(tree, from: first, bytes)
        case .publish: publish(tree)
        case .readRest: readRest(tree)
        }
    }

    private func prove(_ tree: SimulatedTree, table: PieceDigest) {
        guard !tree.hasFailed else { return }
        guard tree.digests.tableDigest == table else {
            return answers.put(.unproven(tree.content))
        }
        tree.digests.prove(by: table)
        answers.put(.proven(tree.content))
    }

    private func compare(_ tree: SimulatedTree, from first: Int, _ digests: RawSpan) {
        guard !tree.hasFailed else { return }
        let wrong = tree.digests.heard(from: first, digests)
        for piece in wrong { disown(piece, tree) }
        answers.put(.compared(tree.content, wrong: wrong))
    }

    private func hear(_ tree: SimulatedTree, from first: Int, _ digests: RawSpan) {
        let wrong = tree.digests.heard(from: first, digests)
        for piece in wrong { disown(piece, tree) }
        answers.put(.heard(tree.content, wrong: wrong))
    }

    func table(_ range: Range<Int>, of content: ContentID) -> [UInt8]? {
        guard let tree = tree(content), tree.isOpen else { return nil }
        digest(range, tree)
        if let digest = tableToReport(tree) { answers.putForOther(.tabled(tree.content, digest)) }
        return tree.digests.table(range)
    }

    /// Digests the pieces of the range that are here and were not digested yet.
    func digest(_ range: Range<Int>, _ tree: SimulatedTree) {
        for position in range {
            let piece = PieceIndex(position)
            guard tree.digests[piece] == nil,
                let version = disk.version(of: piece, of: tree.content)
            else { continue }
            tree.digests.note(tree.digests.token(piece, version: version), of: piece)
        }
    }

    private func publish(_ tree: SimulatedTree) {
        tree.isPublishing = true
        compareWithSource(tree)
        digest(0..<tree.geometry.pieceCount, tree)
        reportTable(tree)
    }

    /// Where the publisher is gone, a rank that sees its source replaces the pieces of its copy
    /// that differ from that source. Pieces in place are trusted, as before.
    private func compareWithSource(_ tree: SimulatedTree) {
        guard tree.duty.standsBy, tree.keepsCopy, !tree.duty.isPartial, !tree.hasFailed,
            tree.digests.provenBy == nil, let versions = place.sourceVersions,
            let kept = disk.kept(of: tree.content)
        else { return }
        let wrong = (0..<tree.geometry.pieceCount).map { PieceIndex($0) }.filter { piece in
            guard kept.contains(piece), !tree.believed.contains(piece),
                !tree.digests.confirmed.contains(piece)
            else { return false }
            let right = tree.digests.token(piece, version: versions[piece.raw] ?? 0)
            return tree.digests[piece] != right
        }
        guard !wrong.isEmpty else { return }
        for piece in wrong { disown(piece, tree) }
        readFrom(PieceSet(all: tree.geometry.pieceCount), tree)
        copyReads(tree)
    }

    func reportTable(_ tree: SimulatedTree) {
        guard let digest = tableToReport(tree) else { return }
        answers.put(.tabled(tree.content, digest))
    }

    /// The publisher reports its table once, when it is complete.
    private func tableToReport(_ tree: SimulatedTree) -> PieceDigest? {
        guard tree.publisher == rank || tree.isPublishing, !tree.isTabled,
            let whole = tree.digests.whole, let digest = tree.digests.tableDigest
        else { return nil }
        tree.isTabled = true
        network.state.contentTable.publish(
            PublishedTable(
                content: tree.content, publisher: rank, digests: whole, tableDigest: digest))
        return digest
    }
}
