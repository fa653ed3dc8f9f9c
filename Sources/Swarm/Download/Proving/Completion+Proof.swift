import Vocabulary
import Wire

/// Proves, after the last piece, that all pieces are the publisher's.
///
/// If digests travel with the pieces, each sender states its digest, but the publisher's table
/// decides: no file gets its name before this rank's table is known to equal it, or differing
/// pieces were fetched again.
extension Completion {
    /// Proves a transfer all of whose pieces are here. While the publisher's table is not known to
    /// be final, this rank requests the parts that matter.
    mutating func prove(_ index: TransferIndex, _ effects: inout Effects<DownloaderEffect>) {
        transfers[index].stage = .proving
        guard let content = transfers[index].content else { return }
        guard transfers[index].proof.publisher != rank else {
            guard transfers[index].proof.awaitsOwnTable else { return }
            return effects.append(.store(.proof(content, .publish)))
        }
        guard transfers[index].proof.confirmation.isOver else { return }
        guard let seal = transfers[index].proof.seal else {
            compareTables(index, &effects)
            return sourcing.reportOrphan(index, &effects)
        }
        effects.append(.store(.proof(content, .prove(table: seal))))
    }

    private mutating func compareTables(
        _ index: TransferIndex, _ effects: inout Effects<DownloaderEffect>
    ) {
        journal.branches.tableRequests += 1
        transfers[index].compareTables(&effects)
    }

    /// Handles the digest of the publisher's final table.
    mutating func sealed(
        _ content: ContentID, _ tail: RawSpan, _ effects: inout Effects<DownloaderEffect>
    ) throws(WireError) {
        guard let index = transfers.index(of: content) else { return }
        guard let seal = PieceDigest(try tail.readBytes(tail.byteCount)) else {
            throw .malformed
        }
        guard transfers[index].proof.seal == nil else { return }
        transfers[index].proof.seal = seal
        if transfers[index].stage == .proving { prove(index, &effects) }
    }

    mutating func tabled(
        _ content: ContentID, _ digest: PieceDigest, _ effects: inout Effects<DownloaderEffect>
    ) {
        guard let index = transfers.index(of: content) else { return }
        guard !transfers[index].proof.isWitness else { return testify(index, digest, &effects) }
        transfers[index].proof.seal = digest
        transfers[index].reportSeal(rank, toHeir: journal.isHeirTracking, journal, &effects)
        let isAwaited = transfers[index].duty.isCompared || transfers[index].proof.awaitsOwnTable
        transfers[index].proof.awaitsOwnTable = false
        guard isAwaited, transfers[index].stage == .proving else { return }
        transfers[index].endProof(&effects)
        piecesAreHere(index, &effects)
    }

    /// Reports the digest of this rank's table if the table is the publisher's: otherwise it helps
    /// no other rank.
    private mutating func testify(
        _ index: TransferIndex, _ digest: PieceDigest, _ effects: inout Effects<DownloaderEffect>
    ) {
        transfers[index].proof.isWitness = false
        guard transfers[index].proof.seal == digest else { return }
        journal.branches.testimonies += 1
        transfers[index].proof.publisher = rank
        transfers[index].endProof(&effects)
        transfers[index].reportSeal(rank, toHeir: journal.isHeirTracking, journal, &effects)
        if transfers[index].stage == .proving { piecesAreHere(index, &effects) }
    }

    mutating func proven(_ content: ContentID, _ effects: inout Effects<DownloaderEffect>) {
        guard let index = transfers.index(of: content), transfers[index].stage == .proving else {
            return
        }
        transfers[index].endProof(&effects)
        piecesAreHere(index, &effects)
    }

    /// Handles a table that differs from the publisher's: the tables are then compared part by
    /// part.
    mutating func unproven(_ content: ContentID, _ effects: inout Effects<DownloaderEffect>) {
        guard let index = transfers.index(of: content), transfers[index].stage == .proving,
            !transfers[index].proof.isComparing
        else { return }
        compareTables(index, &effects)
    }

    mutating func tableCame(
        _ content: ContentID, _ first: UInt32, _ count: UInt32, _ tail: RawSpan,
        from source: Rank, _ effects: inout Effects<DownloaderEffect>
    ) throws(WireError) {
        guard let index = transfers.index(of: content), transfers[index].proof.publisher == source
        else { return }
        try transfers[index].tableCame(first, count, tail, &effects)
    }

    /// Fetches wrong pieces again. Their right digests are known now, and verify the new pieces.
    mutating func compared(
        _ content: ContentID, wrong: [PieceIndex], _ effects: inout Effects<DownloaderEffect>
    ) {
        guard let index = transfers.index(of: content) else { return }
        transfers[index].proof.wasCompared()
        guard transfers[index].stage == .proving else { return }
        for piece in wrong where transfers[index].board.have.contains(piece) {
            journal.needsAgain(piece, of: transfers[index].geometry)
            guard !transfers[index].duty.isCompared else { continue }
            journal.totals.violations += 1
            journal.branches.tableLosses += 1
            transfers[index].lost(piece)
            effects.append(.tell(.pieceDropped(piece, of: content)))
        }
        guard transfers[index].proof.nextPart() == nil else {
            return transfers[index].askTable(&effects)
        }
        transfers[index].endProof(&effects)
        guard transfers[index].duty.isWanted, !transfers[index].board.have.isFull else {
            return piecesAreHere(index, &effects)
        }
        transfers[index].stage = .fetching
        sourcing.askSwarm(index, &effects)
    }

    // MARK: Several ranks with the content on disks of their own

    /// Confirms the next part of a content that several ranks have. One of these ranks publishes
    /// it, and the others serve a piece only after the publisher's digest has confirmed it.
    mutating func confirmNext(
        _ index: TransferIndex, mayProve: Bool = true, _ effects: inout Effects<DownloaderEffect>
    ) {
        guard !transfers[index].confirmNext(&effects), mayProve else { return }
        // That was the last part, so a transfer that waited for it can be proven.
        if transfers[index].stage == .proving { prove(index, &effects) }
    }

    /// Repeats the requests, because the publisher may have changed, or may have missed one.
    func askConfirmations(_ effects: inout Effects<DownloaderEffect>) {
        for transfer in transfers.rows { transfer.askConfirmation(&effects) }
    }

    mutating func heard(
        _ content: ContentID, wrong: [PieceIndex], at stage: Downloader.Stage,
        _ effects: inout Effects<DownloaderEffect>
    ) {
        guard let index = transfers.index(of: content) else { return }
        let wasOver = transfers[index].proof.confirmation.isOver
        journal.branches.confirmations += wasOver ? 0 : 1
        for piece in transfers[index].heardPart(&effects) where !wrong.contains(piece) {
            effects.append(.tell(.pieceConfirmed(piece, of: content)))
        }
        for piece in wrong { differs(piece, of: content, at: stage, &effects) }
        confirmNext(index, mayProve: !wasOver, &effects)
    }

    /// Handles a piece on this rank's disk that differs from the publisher's: it is fetched like
    /// any other.
    mutating func differs(
        _ piece: PieceIndex, of content: ContentID, at stage: Downloader.Stage,
        _ effects: inout Effects<DownloaderEffect>
    ) {
        guard let index = transfers.index(of: content),
            transfers[index].board.have.contains(piece)
        else { return }
        journal.totals.violations += 1
        journal.branches.differences += 1
        effects.append(.tell(.pieceDropped(piece, of: content)))
        switch transfers[index].stage {
        case .fetching, .proving:
            journal.needsAgain(piece, of: transfers[index].geometry)
            transfers[index].lost(piece)
            guard transfers[index].stage == .proving else { return }
            transfers[index].stage = .fetching
            sourcing.askSwarm(index, &effects)
        // The file was changed before it got its name; the piece is fetched again.
        case .finishing where transfers[index].duty.isWanted:
            pieceLost(of: content, at: stage, &effects)
            journal.needsAgain(piece, of: transfers[index].geometry)
            transfers[index].lost(piece)
            transfers[index].stage = .fetching
            isReviewDue = true
            sourcing.askSwarm(index, &effects)
        // A rank that only serves is no longer a seed.
        case .finishing, .done: pieceLost(of: content, at: stage, &effects)
        case .idle, .asked, .opening, .sharing, .failed: break
        }
    }

    // MARK: When the publisher, or a reader, is gone

    /// Reports that the table of this rank will never be complete. Otherwise the others would wait
    /// for it until this rank ends.
    mutating func cannotPublish(_ content: ContentID, _ effects: inout Effects<DownloaderEffect>) {
        if let index = transfers.index(of: content) { transfers[index].proof.isResigned = true }
        journal.report(.cannotPublish(content), &effects)
    }

    /// Handles a change of the publisher. Every piece was verified by a digest of the former
    /// publisher, which came directly or through other ranks, so a rank that has all pieces can
    /// compute the same table. A rank on the way may have lied: a rank that sees the source first
    /// compares its copy with that.
    mutating func publisherChanged(
        _ content: ContentID, _ heir: Rank, _ effects: inout Effects<DownloaderEffect>
    ) {
        guard let index = transfers.index(of: content), transfers[index].proof.publisher != heir
        else { return }
        // The store has not read yet who the publisher was. The tracker does not repeat the news.
        if transfers[index].stage == .opening, heir != rank {
            transfers[index].proof.publisher = heir
            return
        }
        guard transfers[index].proof.publisher != nil else { return }
        guard heir != rank || transfers[index].proof.seal == nil else {
            return vouch(index, &effects)
        }
        guard !transfers[index].isOver else { return }
        // The tracker did not know that when it chose.
        guard heir != rank || transfers[index].mayPublish else {
            return journal.report(.cannotPublish(content), &effects)
        }
        transfers[index].proof.publisher = heir
        transfers[index].proof.isOrphaned = false
        transfers[index].proof.awaitsOwnTable = heir == rank && transfers[index].duty.standsBy
        let isProving = transfers[index].stage == .proving
        if heir == rank {
            journal.branches.successions += 1
            let isPublishedBelow = isProving && transfers[index].proof.awaitsOwnTable
            if !isPublishedBelow { effects.append(.store(.proof(content, .publish))) }
        }
        guard isProving else { return }
        piecesAreHere(index, &effects)
    }

    /// Finds out whether this rank's table is that of a publisher that is gone after its seal. It
    /// is, if all pieces are here and the digest of the table is the seal. Pieces that were trusted
    /// in place have to be digested for that.
    private mutating func vouch(
        _ index: TransferIndex, _ effects: inout Effects<DownloaderEffect>
    ) {
        guard let content = transfers[index].content, transfers[index].board.have.isFull
        else { return }
        switch transfers[index].stage {
        case .proving, .finishing, .done: break
        case .idle, .asked, .opening, .fetching, .sharing, .failed: return
        }
        transfers[index].proof.isWitness = true
        effects.append(.store(.proof(content, .publish)))
    }

    func readRest(of content: ContentID, _ effects: inout Effects<DownloaderEffect>) {
        guard let index = transfers.index(of: content), transfers[index].duty.standsBy,
            transfers[index].stage == .fetching || transfers[index].isOnlyStandIn
        else { return }
        effects.append(.store(.proof(content, .readRest)))
    }

    mutating func restIsHere(_ content: ContentID, _ effects: inout Effects<DownloaderEffect>) {
        guard let index = transfers.index(of: content),
            transfers[index].stage == .fetching || transfers[index].isOnlyStandIn
        else { return }
        journal.branches.standIns += 1
        // A rank that announces what it does not hold would keep the requests in flight for ever.
        exchange.dropRequests(of: index, &effects)
        for piece in transfers[index].gotRest() {
            effects.append(.tell(.pieceConfirmed(piece, of: content)))
        }
        guard transfers[index].stage == .fetching else {
            return journal.report(.fileCompleted(content), &effects)
        }
        if !transfers[index].board.have.isFull { sourcing.tellHeld(index, &effects) }
        progressed(index, &effects)
    }
}

extension Transfer {
    /// Whether this rank keeps no copy of the content, and has had nothing to do so far.
    fileprivate var isOnlyStandIn: Bool { stage == .done && !duty.isWanted }
}
