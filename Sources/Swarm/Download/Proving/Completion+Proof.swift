import Vocabulary
import Wire

/// From the last piece to the certainty that all of them are what the publisher has.
///
/// Where digests travel with the pieces, a rank that sends a piece says what it must be. In the end
/// the publisher's table decides: no file gets its name before ours is found to be the same, or
/// what differs was fetched again.
extension Completion {
    /// Everything is here. Where the publisher has not said that its table is final, it is asked
    /// for what matters of it.
    mutating func prove(_ index: TransferIndex, _ effects: inout Effects<DownloaderEffect>) {
        transfers[index].stage = .proving
        guard let content = transfers[index].content, transfers[index].proof.confirmation.isOver,
            transfers[index].proof.publisher != rank
        else { return }
        guard let seal = transfers[index].proof.seal else { return compareTables(index, &effects) }
        effects.append(.prove(content, table: seal))
    }

    private mutating func compareTables(
        _ index: TransferIndex, _ effects: inout Effects<DownloaderEffect>
    ) {
        journal.branches.tableRequests += 1
        transfers[index].compareTables(&effects)
    }

    private func reportSeal(_ index: TransferIndex, _ effects: inout Effects<DownloaderEffect>) {
        transfers[index].reportSeal(
            rank, toHeir: journal.isHeirTracking, journal, &effects)
    }

    /// The publisher's table is final, and this is its digest.
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
        reportSeal(index, &effects)
        guard transfers[index].duty.isCompared, transfers[index].stage == .proving else { return }
        transfers[index].proof.isProven = true
        piecesAreHere(index, &effects)
    }

    /// Our table is known, and what is not the publisher's helps no one.
    private mutating func testify(
        _ index: TransferIndex, _ digest: PieceDigest, _ effects: inout Effects<DownloaderEffect>
    ) {
        transfers[index].proof.isWitness = false
        guard transfers[index].proof.seal == digest else { return }
        journal.branches.testimonies += 1
        transfers[index].proof.publisher = rank
        reportSeal(index, &effects)
        if transfers[index].stage == .proving { piecesAreHere(index, &effects) }
    }

    mutating func proven(_ content: ContentID, _ effects: inout Effects<DownloaderEffect>) {
        guard let index = transfers.index(of: content), transfers[index].stage == .proving else {
            return
        }
        transfers[index].proof.isProven = true
        piecesAreHere(index, &effects)
    }

    /// Some of our digests are not the publisher's: which is found out part by part.
    mutating func unproven(_ content: ContentID, _ effects: inout Effects<DownloaderEffect>) {
        guard let index = transfers.index(of: content), transfers[index].stage == .proving else {
            return
        }
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

    /// What is wrong is fetched again; what it must be is known now, and what comes is held to it.
    mutating func compared(
        _ content: ContentID, wrong: [PieceIndex], _ effects: inout Effects<DownloaderEffect>
    ) {
        guard let index = transfers.index(of: content), transfers[index].stage == .proving else {
            return
        }
        for piece in wrong where transfers[index].board.have.contains(piece) {
            needAgain(piece, index)
            guard !transfers[index].duty.isCompared else { continue }
            journal.totals.violations += 1
            journal.branches.tableLosses += 1
            transfers[index].lost(piece)
            effects.append(.tell(.pieceDropped(piece, of: content)))
        }
        guard transfers[index].proof.nextPart() == nil else {
            return transfers[index].askTable(&effects)
        }
        transfers[index].proof.isProven = true
        guard transfers[index].duty.isWanted, !transfers[index].board.have.isFull else {
            return piecesAreHere(index, &effects)
        }
        transfers[index].stage = .fetching
        sourcing.askSwarm(index, &effects)
    }

    /// A piece that was here is wrong, and counts as missing after all.
    private mutating func needAgain(_ piece: PieceIndex, _ index: TransferIndex) {
        guard let geometry = transfers[index].geometry else { return }
        journal.totals.needed += ByteCount(Int64(geometry.size(of: piece)))
    }

    // MARK: Several ranks with the content on disks of their own

    /// One of them publishes it, and the others serve a piece only when the publisher has said what
    /// it must be.
    mutating func confirmNext(_ index: TransferIndex, _ effects: inout Effects<DownloaderEffect>) {
        guard !transfers[index].confirmNext(&effects) else { return }
        // That was all: what was waiting for it can be proven.
        if transfers[index].stage == .proving { prove(index, &effects) }
    }

    /// The publisher may be another one by now, or have lost the question.
    func askConfirmations(_ effects: inout Effects<DownloaderEffect>) {
        for transfer in transfers.rows { transfer.askConfirmation(&effects) }
    }

    mutating func heard(
        _ content: ContentID, wrong: [PieceIndex], at stage: Downloader.Stage,
        _ effects: inout Effects<DownloaderEffect>
    ) {
        guard let index = transfers.index(of: content) else { return }
        journal.branches.confirmations += 1
        for piece in transfers[index].proof.confirmation.compared() where !wrong.contains(piece) {
            effects.append(.tell(.pieceConfirmed(piece, of: content)))
        }
        for piece in wrong { differs(piece, of: content, at: stage, &effects) }
        confirmNext(index, &effects)
    }

    /// What lies on our disk is not what the publisher has: it is fetched like anything else.
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
            needAgain(piece, index)
            transfers[index].lost(piece)
            guard transfers[index].stage == .proving else { return }
            transfers[index].stage = .fetching
            sourcing.askSwarm(index, &effects)
        // What grew here was altered before it got its name, and comes again.
        case .finishing where transfers[index].duty.isWanted:
            pieceLost(of: content, at: stage, &effects)
            needAgain(piece, index)
            transfers[index].lost(piece)
            transfers[index].stage = .fetching
            isReviewDue = true
            sourcing.askSwarm(index, &effects)
        // A rank that only serves is no seed any more.
        case .finishing, .done: pieceLost(of: content, at: stage, &effects)
        case .idle, .asked, .opening, .sharing, .failed: break
        }
    }

    // MARK: When the publisher, or a reader, is gone

    /// Every piece was verified by a digest that came from the publisher, over however many ranks:
    /// a rank that has all of them can say the same as it would have said.
    mutating func publisherChanged(
        _ content: ContentID, _ heir: Rank, _ effects: inout Effects<DownloaderEffect>
    ) {
        guard let index = transfers.index(of: content), transfers[index].proof.publisher != nil,
            transfers[index].proof.publisher != heir
        else { return }
        guard heir != rank || transfers[index].proof.seal == nil else {
            return vouch(index, &effects)
        }
        guard !transfers[index].isOver else { return }
        transfers[index].proof.publisher = heir
        if heir == rank {
            journal.branches.successions += 1
            effects.append(.publish(content))
        }
        guard transfers[index].stage == .proving else { return }
        piecesAreHere(index, &effects)
    }

    /// The publisher is gone after its seal, and this rank or another one needs the table. If all
    /// pieces are here and the digest of our table is the seal, our table is the publisher's. What
    /// was in place and believed has to be digested for that.
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
        effects.append(.publish(content))
    }

    func readRest(of content: ContentID, _ effects: inout Effects<DownloaderEffect>) {
        guard let index = transfers.index(of: content), transfers[index].duty.standsBy,
            transfers[index].stage == .fetching || transfers[index].isOnlyStandIn
        else { return }
        effects.append(.readRest(content))
    }

    /// What no other rank is asked for any more is read here.
    private mutating func restOfSourceRead(_ index: TransferIndex) -> [PieceIndex] {
        var pieces: [PieceIndex] = []
        while let piece = transfers[index].board.queued.first() {
            transfers[index].board.took(piece)
            transfers[index].got(piece)
            pieces.append(piece)
        }
        return pieces
    }

    mutating func restIsHere(
        _ content: ContentID, _ effects: inout Effects<DownloaderEffect>
    ) {
        guard let index = transfers.index(of: content),
            transfers[index].stage == .fetching || transfers[index].isOnlyStandIn
        else { return }
        journal.branches.standIns += 1
        for piece in restOfSourceRead(index) {
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
    /// Keeps no copy, and had nothing to do so far.
    fileprivate var isOnlyStandIn: Bool { stage == .done && !duty.isWanted }
}
