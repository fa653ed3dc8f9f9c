import Vocabulary
import Wire

/// The requests of a transfer to its publisher, and its reports on its own role.
extension Transfer {
    /// Whether the pieces have to be proven. A publisher's pieces are right, and a rank that only
    /// serves needs no proof. In a dry run the publisher has no other reason to digest its pieces,
    /// so it waits for its own table; a rank that takes over waits for it, too, if it sees the
    /// source.
    func needsProof(at rank: Rank) -> Bool {
        guard let publisher = proof.publisher,
            duty.isCompared || duty.isWanted && (publisher != rank || proof.awaitsOwnTable)
        else { return false }
        return !proof.isProven
    }

    /// Whether the table of this rank may become the content's when the publisher is gone. A rank
    /// that sees the source compares its pieces with it first.
    var mayPublish: Bool { !proof.isInDoubt || duty.standsBy }

    /// Whether this rank waits for nothing but a table that is final. It may know already that some
    /// of its pieces are wrong.
    var awaitsFinalTable: Bool {
        stage == .proving && proof.seal != nil && !duty.isCompared
    }

    /// Reports the roles of this rank, which the tracker needs when another rank is gone. A
    /// publisher that shares the reading with other ranks can read their parts too.
    func reportRole(_ rank: Rank, _ journal: Journal, _ effects: inout Effects<DownloaderEffect>) {
        guard let content else { return }
        if proof.publisher == rank, !proof.isResigned {
            journal.report(.publishes(content), &effects)
        }
        if duty.standsBy { journal.report(.standsBy(content), &effects) }
    }

    /// The publisher reports its seal to every tracker that it joins. An heir learns it from any
    /// rank that knows it, because the publisher may be gone too.
    func reportSeal(
        _ rank: Rank, toHeir isHeir: Bool, _ journal: Journal,
        _ effects: inout Effects<DownloaderEffect>
    ) {
        guard proof.publisher == rank || isHeir, let content, let seal = proof.seal else { return }
        let tail = effects.tail { $0 += seal.bytes }
        journal.report(.seal(content), tail: tail, &effects)
    }

    /// Reports the need for room to every tracker that this rank joins, which may not know it.
    func reportNeed(_ journal: Journal, _ effects: inout Effects<DownloaderEffect>) {
        guard let content, let need else { return }
        let tail = effects.tail { $0.write(need.device) }
        let message = TrackerMessage.measured(
            content, needed: need.needed, available: need.available)
        journal.report(message, tail: tail, &effects)
    }

    mutating func compareTables(_ effects: inout Effects<DownloaderEffect>) {
        proof.begin()
        _ = proof.nextPart()
        askTable(&effects)
    }

    func askTable(_ effects: inout Effects<DownloaderEffect>) {
        guard let part = proof.awaited else { return }
        askTable(part, &effects)
    }

    /// Other ranks may have all pieces from now on.
    mutating func endProof(_ effects: inout Effects<DownloaderEffect>) {
        let heldBack = proof.end()
        guard let content else { return }
        var next = heldBack.first(in: board.have)
        while let piece = next {
            effects.append(.tell(.pieceConfirmed(piece, of: content)))
            next = heldBack.first(from: piece.position + 1, in: board.have)
        }
    }

    /// Returns false if nothing is left to confirm.
    mutating func confirmNext(_ effects: inout Effects<DownloaderEffect>) -> Bool {
        guard proof.confirmation.nextPart() != nil else { return false }
        askConfirmation(&effects)
        return true
    }

    /// Requests the publisher's digest of a piece again, because a source has sent other bytes.
    mutating func askAgain(
        about piece: PieceIndex, _ effects: inout Effects<DownloaderEffect>
    ) {
        if proof.confirmation.contradicts(piece) {
            _ = confirmNext(&effects)
        } else {
            askConfirmation(&effects)
        }
    }

    func askConfirmation(_ effects: inout Effects<DownloaderEffect>) {
        guard let part = proof.confirmation.awaited else { return }
        askTable(part, &effects)
    }

    private func askTable(_ part: Range<Int>, _ effects: inout Effects<DownloaderEffect>) {
        guard let content, let publisher = proof.publisher else { return }
        let message = UploadMessage.tableRequest(
            content, first: UInt32(part.lowerBound), count: UInt32(part.count))
        effects.append(.send(.upload(message), .none, to: publisher))
    }

    /// Passes a part of the publisher's table to the store, for the confirmation or the comparison
    /// that asked for it. Other parts are dropped.
    mutating func tableCame(
        _ first: UInt32, _ count: UInt32, _ tail: RawSpan,
        _ effects: inout Effects<DownloaderEffect>
    ) throws(WireError) {
        guard let content else { return }
        if let part = proof.confirmation.awaited, part.lowerBound == Int(first),
            part.count == Int(count)
        {
            let digests = try effects.table(of: part.count, tail)
            proof.confirmation.took()
            let order = ProofOrder.hear(first: part.lowerBound)
            return effects.append(.store(.proof(content, order), digests))
        }
        guard stage == .proving, !proof.isComparing, let part = proof.awaited,
            part.lowerBound == Int(first)
        else { return }
        guard part.count == Int(count) else { throw .malformed }
        let digests = try effects.table(of: part.count, tail)
        proof.took()
        effects.append(.store(.proof(content, .compare(first: part.lowerBound)), digests))
    }

    /// All missing pieces have been read from the source. Returns them.
    mutating func gotRest() -> [PieceIndex] {
        var pieces: [PieceIndex] = []
        while let piece = board.queued.first() {
            board.took(piece)
            got(piece)
            pieces.append(piece)
        }
        return pieces
    }
}

extension Effects<DownloaderEffect> {
    /// Copies `count` digests for the store.
    fileprivate mutating func table(of count: Int, _ tail: RawSpan) throws(WireError) -> Tail {
        guard tail.byteCount.isMultiple(of: count),
            (1...PieceDigest.byteCountMax).contains(tail.byteCount / count)
        else { throw .malformed }
        let bytes = try tail.readBytes(tail.byteCount)
        return self.tail { $0 += bytes }
    }
}
