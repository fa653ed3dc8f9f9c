import Vocabulary
import Wire

/// Where several ranks have the same content on disks of their own, one publishes it, and the
/// others serve a piece only when its publisher has said what it must be.
extension Downloader {
    /// What others may have at once.
    func confirmed(_ opened: OpenedContent) -> PieceSet {
        var confirmed = opened.held
        var next = opened.unconfirmed.first()
        while let piece = next {
            confirmed.remove(piece)
            next = opened.unconfirmed.first(from: piece.position + 1)
        }
        return confirmed
    }

    mutating func confirmNext(_ index: Int, _ effects: inout Effects<DownloaderEffect>) {
        guard transfers[index].confirmation.nextPart() != nil else {
            // That was all: what was waiting for it can be proven.
            if transfers[index].stage == .proving { prove(index, &effects) }
            return
        }
        askConfirmation(index, &effects)
    }

    func askConfirmation(_ index: Int, _ effects: inout Effects<DownloaderEffect>) {
        guard let part = transfers[index].confirmation.awaited else { return }
        askTable(index, part, &effects)
    }

    /// False when it is not the part that was asked for.
    mutating func confirmationCame(
        _ index: Int, _ first: UInt32, _ count: UInt32, _ tail: RawSpan,
        _ effects: inout Effects<DownloaderEffect>
    ) throws(WireError) -> Bool {
        guard let content = transfers[index].content,
            let part = transfers[index].confirmation.awaited,
            part.lowerBound == Int(first), part.count == Int(count)
        else { return false }
        let digests = try table(of: part.count, tail, &effects)
        transfers[index].confirmation.took()
        effects.append(.hear(content, first: part.lowerBound, digests: digests))
        return true
    }

    mutating func heard(
        _ content: ContentID, wrong: [PieceIndex], _ effects: inout Effects<DownloaderEffect>
    ) {
        guard let index = transferOfContent[content] else { return }
        branches.confirmations += 1
        for piece in transfers[index].confirmation.compared() where !wrong.contains(piece) {
            effects.append(.tell(.pieceConfirmed(piece, of: content)))
        }
        for piece in wrong { differs(piece, of: content, &effects) }
        confirmNext(index, &effects)
    }

    /// What lies on our disk is not what the publisher has: it is fetched like anything else.
    mutating func differs(
        _ piece: PieceIndex, of content: ContentID, _ effects: inout Effects<DownloaderEffect>
    ) {
        guard let index = transferOfContent[content], transfers[index].have.contains(piece) else {
            return
        }
        totals.violations += 1
        branches.differences += 1
        effects.append(.tell(.pieceDropped(piece, of: content)))
        switch transfers[index].stage {
        case .fetching, .proving:
            needAgain(piece, index)
            transfers[index].lost(piece)
            guard transfers[index].stage == .proving else { return }
            transfers[index].stage = .fetching
            askSwarm(index, &effects)
        // What grew here was altered before it got its name, and comes again.
        case .finishing where transfers[index].isWanted:
            pieceLost(of: content, &effects)
            needAgain(piece, index)
            transfers[index].lost(piece)
            transfers[index].stage = .fetching
            isReviewDue = true
            askSwarm(index, &effects)
        // A rank that only serves is no seed any more.
        case .finishing, .done: pieceLost(of: content, &effects)
        case .idle, .asked, .opening, .sharing, .failed: break
        }
    }
}
