import Content
import Staging
import Vocabulary

/// The parts of an archive's tree that came before it, and that it takes over.
extension SimulatedStageStorage {
    /// Decides whether a part is kept. The tree takes over what the parts have.
    func prepareParts(_ tree: SimulatedTree, _ number: Int, _ manifest: TreeManifest) {
        guard let early = order.early else { return }
        guard early.isPart(number) else {
            place.learns(manifest)
            parts.begin(tree.content, pieceCount: tree.geometry.pieceCount)
            return takeOver(tree, partCount: early.count)
        }
        let isAlone = parts.describes(number, tree.content, manifest)
        guard tree.keepsCopy else { return }
        tree.keepsCopy = isAlone && lacksMost(of: number) && needed(tree).raw <= disk.room
    }

    /// Whether less than half of a part is in place. Otherwise the tree fetches what is missing.
    private func lacksMost(of part: Int) -> Bool {
        let pieces = pieces(of: part)
        let missing = pieces.count { !place.prior.inPlace.contains(PieceIndex($0)) }
        return missing > pieces.count / 2
    }

    /// The pieces of the tree that a part has, in the order of the part.
    private func pieces(of part: Int) -> [Int] {
        place.archive?.pieces(of: part).flatMap { Array($0) } ?? []
    }

    /// The pieces that this rank found. A part grows beside what is in place.
    func prior(of tree: SimulatedTree) -> SimulatedPrior {
        guard let part = parts.number(of: tree.content) else {
            var prior = place.prior
            if let taken = parts.taken(by: tree.content) { prior.resumed.subtract(taken) }
            return prior
        }
        var prior = SimulatedPrior(pieceCount: tree.geometry.pieceCount)
        for (position, whole) in pieces(of: part).enumerated() {
            guard place.prior.resumed.contains(PieceIndex(whole)) else { continue }
            prior.resumed.insert(PieceIndex(position))
            if place.prior.outdated.contains(PieceIndex(whole)) {
                prior.outdated.insert(PieceIndex(position))
            }
        }
        return prior
    }

    /// Only complete files are taken over.
    private func takeOver(_ tree: SimulatedTree, partCount: Int) {
        guard tree.keepsCopy, let archive = place.archive else { return }
        for other in trees {
            guard let part = parts.number(of: other.content), other.keepsCopy,
                let kept = disk.kept(of: other.content)
            else { continue }
            let isProven = other.stage == .finished && parts.prove(count: partCount)
            var first = 0
            for file in archive.pieces(of: part) {
                let isComplete = file.indices.allSatisfy {
                    kept.contains(PieceIndex(first + $0 - file.lowerBound))
                }
                if isComplete {
                    for position in file {
                        let inPart = PieceIndex(first + position - file.lowerBound)
                        take(PieceIndex(position), tree, inPart, of: other, isProven)
                    }
                }
                first += file.count
            }
        }
    }

    private func take(
        _ piece: PieceIndex, _ tree: SimulatedTree, _ inPart: PieceIndex,
        of part: SimulatedTree, _ isProven: Bool
    ) {
        guard !place.prior.inPlace.contains(piece), let number = parts.number(of: part.content),
            let version = disk.version(of: inPart, of: part.content)
        else { return }
        let replaced = place.archive?.version(of: piece.position, in: number) ?? 0
        let whole = version == 0 ? replaced : version
        disk.keep(piece, of: tree.content, version: whole)
        parts.take(piece)
        // Files that the parts do not prove are read and digested.
        if isProven {
            tree.believed.insert(piece)
        } else {
            tree.digests.note(tree.digests.token(piece, version: whole), of: piece)
        }
    }

    /// What no part proves is compared with the publisher's digests before other ranks get it.
    func putDownTaken(_ tree: SimulatedTree, _ opened: inout OpenedContent) {
        guard let taken = parts.taken(by: tree.content) else { return }
        each(taken) { piece in
            opened.held.insert(piece)
            if tree.believed.contains(piece) {
                opened.believed.insert(piece)
            } else {
                opened.unproven.insert(piece)
            }
        }
    }

    /// Receivers that have everything from the parts ask for no piece, and wait for the table.
    func digestForReceivers(_ tree: SimulatedTree) {
        guard parts.taken(by: tree.content) != nil, tree.publisher == rank, !tree.keepsCopy else {
            return
        }
        digest(0..<tree.geometry.pieceCount, tree)
        reportTable(tree)
    }

    /// The right bytes of a piece of the tree replace those of the part.
    func dropInParts(_ piece: PieceIndex) {
        for other in trees {
            guard let part = parts.number(of: other.content) else { continue }
            for (position, whole) in pieces(of: part).enumerated() where whole == piece.position {
                disk.drop(PieceIndex(position), of: other.content)
            }
        }
    }

    /// A part gives no names. What it lacks comes with the tree.
    func finishPart(_ tree: SimulatedTree, _ want: WantNumber) {
        if tree.keepsCopy, disk.kept(of: tree.content)?.isFull == true {
            inspect(tree)
            tree.stage = .finished
        }
        answers.put(.finished(tree.content, want))
    }

    /// Whether the tree has other bytes than the archive, although no earlier job left them.
    func hasReplacedPiece(_ tree: SimulatedTree) -> Bool {
        guard parts.taken(by: tree.content) != nil else { return false }
        return (0..<tree.geometry.pieceCount).map { PieceIndex($0) }.contains { piece in
            guard !place.prior.inPlace.contains(piece), !place.prior.resumed.contains(piece) else {
                return false
            }
            // A faulty disk may have given another rank wrong bytes of a piece that is right.
            if let found = tree.digests[piece], !tree.believed.contains(piece) {
                return found != tree.digests.token(piece, version: 0)
            }
            return disk.version(of: piece, of: tree.content) != 0
        }
    }
}
