import Vocabulary
import Wire

/// From the last piece to the certainty that all of them are what the publisher has.
///
/// Where digests travel with the pieces, whoever sends a piece says what it must be. In the end the
/// publisher's table decides: no file gets its name before ours is found to be the same, or what
/// differs was fetched anew.
extension Downloader {
    /// Everything is here. Where the publisher has not said that its table is final, it is asked
    /// for what matters of it.
    mutating func prove(_ index: Int, _ effects: inout Effects<DownloaderEffect>) {
        transfers[index].stage = .proving
        guard let content = transfers[index].content, transfers[index].confirmation.isOver,
            transfers[index].proof.publisher != rank
        else { return }
        guard let seal = transfers[index].proof.seal else { return compareTables(index, &effects) }
        effects.append(.prove(content, table: seal))
    }

    private mutating func compareTables(
        _ index: Int, _ effects: inout Effects<DownloaderEffect>
    ) {
        branches.tableRequests += 1
        transfers[index].proof.begin()
        _ = transfers[index].proof.nextPart()
        askTable(index, &effects)
    }

    /// The publisher's table is final, and this is its digest.
    mutating func sealed(
        _ content: ContentID, _ tail: RawSpan, _ effects: inout Effects<DownloaderEffect>
    ) throws(WireError) {
        guard let index = transferOfContent[content] else { return }
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
        guard let index = transferOfContent[content] else { return }
        guard !transfers[index].proof.isWitness else { return testify(index, digest, &effects) }
        transfers[index].proof.seal = digest
        tellSeal(index, &effects)
        guard transfers[index].isCompared, transfers[index].stage == .proving else { return }
        transfers[index].proof.isProven = true
        piecesAreHere(index, &effects)
    }

    /// Our table is known, and what is not the publisher's helps no one.
    private mutating func testify(
        _ index: Int, _ digest: PieceDigest, _ effects: inout Effects<DownloaderEffect>
    ) {
        transfers[index].proof.isWitness = false
        guard transfers[index].proof.seal == digest else { return }
        branches.testimonies += 1
        transfers[index].proof.publisher = rank
        tellSeal(index, &effects)
        if transfers[index].stage == .proving { piecesAreHere(index, &effects) }
    }

    /// The publisher reports its seal to every tracker that it comes to. An heir learns it from any
    /// rank that knows it: the publisher may be gone too.
    func tellSeal(_ index: Int, _ effects: inout Effects<DownloaderEffect>) {
        guard transfers[index].proof.publisher == rank || succession.isHeir(rules.tracker),
            let content = transfers[index].content, let seal = transfers[index].proof.seal
        else { return }
        let tail = effects.tail { $0 += seal.bytes }
        effects.append(.send(.tracker(.seal(content)), tail, to: rules.tracker))
    }

    mutating func proven(_ content: ContentID, _ effects: inout Effects<DownloaderEffect>) {
        guard let index = transferOfContent[content], transfers[index].stage == .proving else {
            return
        }
        transfers[index].proof.isProven = true
        piecesAreHere(index, &effects)
    }

    /// Some of our digests are not the publisher's: which is found out part by part.
    mutating func unproven(_ content: ContentID, _ effects: inout Effects<DownloaderEffect>) {
        guard let index = transferOfContent[content], transfers[index].stage == .proving else {
            return
        }
        compareTables(index, &effects)
    }

    func askTable(_ index: Int, _ effects: inout Effects<DownloaderEffect>) {
        guard let part = transfers[index].proof.awaited else { return }
        askTable(index, part, &effects)
    }

    func askTable(
        _ index: Int, _ part: Range<Int>, _ effects: inout Effects<DownloaderEffect>
    ) {
        guard let content = transfers[index].content,
            let publisher = transfers[index].proof.publisher
        else { return }
        let message = UploadMessage.tableRequest(
            content, first: UInt32(part.lowerBound), count: UInt32(part.count))
        effects.append(.send(.upload(message), .none, to: publisher))
    }

    mutating func tableCame(
        _ content: ContentID, _ first: UInt32, _ count: UInt32, _ tail: RawSpan,
        from source: Rank, _ effects: inout Effects<DownloaderEffect>
    ) throws(WireError) {
        guard let index = transferOfContent[content], transfers[index].proof.publisher == source
        else { return }
        guard try !confirmationCame(index, first, count, tail, &effects) else { return }
        guard transfers[index].stage == .proving,
            let part = transfers[index].proof.awaited, part.lowerBound == Int(first)
        else { return }
        guard part.count == Int(count) else { throw .malformed }
        let digests = try table(of: part.count, tail, &effects)
        transfers[index].proof.took()
        effects.append(.compare(content, first: part.lowerBound, digests: digests))
    }

    /// So many digests, for the store.
    func table(
        of count: Int, _ tail: RawSpan, _ effects: inout Effects<DownloaderEffect>
    ) throws(WireError) -> Tail {
        guard tail.byteCount.isMultiple(of: count),
            (1...PieceDigest.byteCountMax).contains(tail.byteCount / count)
        else { throw .malformed }
        let bytes = try tail.readBytes(tail.byteCount)
        return effects.tail { $0 += bytes }
    }

    /// What is wrong is fetched anew; what it must be is known now, and what comes is held to it.
    mutating func compared(
        _ content: ContentID, wrong: [PieceIndex], _ effects: inout Effects<DownloaderEffect>
    ) {
        guard let index = transferOfContent[content], transfers[index].stage == .proving else {
            return
        }
        for piece in wrong where transfers[index].have.contains(piece) {
            needAgain(piece, index)
            guard !transfers[index].isCompared else { continue }
            totals.violations += 1
            branches.tableLosses += 1
            transfers[index].lost(piece)
            effects.append(.tell(.pieceDropped(piece, of: content)))
        }
        guard transfers[index].proof.nextPart() == nil else { return askTable(index, &effects) }
        transfers[index].proof.isProven = true
        guard transfers[index].isWanted, !transfers[index].have.isFull else {
            return piecesAreHere(index, &effects)
        }
        transfers[index].stage = .fetching
        askSwarm(index, &effects)
    }

    /// A piece that was here is wrong, and counts as missing after all.
    mutating func needAgain(_ piece: PieceIndex, _ index: Int) {
        guard let geometry = transfers[index].geometry else { return }
        totals.needed += ByteCount(Int64(geometry.size(of: piece)))
    }
}
