import Vocabulary

/// The conditions under which a copy gets its name.
extension SimulatedStageStorage {
    /// The upload thread may have dropped a piece that the machine still believes to be here. The
    /// copy gets no name until that piece has arrived again.
    func isWhole(_ tree: SimulatedTree) -> Bool {
        let kept = disk.kept(of: tree.content)
        var isWhole = true
        for position in 0..<tree.geometry.pieceCount {
            let piece = PieceIndex(position)
            guard kept?.contains(piece) != true, !answers.willKeep(piece, of: tree.content) else {
                continue
            }
            isWhole = false
            answers.put(.differs(piece, of: tree.content))
        }
        return isWhole
    }

    /// Checks the conditions under which alone the machine may give the copy its name.
    func inspect(_ tree: SimulatedTree) {
        guard network.state.watch != nil else { return }
        let says = tree.publisher == rank || tree.isPublishing
        let tables = network.state.contentTable.published.filter {
            $0.content == tree.content && ($0.isSealed || $0.publisher == rank)
        }
        let toProve = (0..<tree.geometry.pieceCount).map { PieceIndex($0) }
            .filter { !tree.believed.contains($0) }
        guard !toProve.isEmpty else { return }
        let isRight = tables.contains { table in
            toProve.allSatisfy { tree.digests[$0] == table.digests[$0.position] }
        }
        let isProven = tables.contains { $0.tableDigest == tree.digests.provenBy }
        let isConfirmed = toProve.allSatisfy {
            tree.digests.confirmed.contains($0) || isProven && tree.digests.proven.contains($0)
        }
        if !says, !isConfirmed { network.state.watch?.note(.namedUnsealed(by: rank)) }
        if hasReplacedPiece(tree) { network.state.watch?.note(.namedWrong(by: rank)) }
        if !tables.isEmpty, !isRight { network.state.watch?.note(.namedWrong(by: rank)) }
    }
}
