import Vocabulary
import Wire

/// Offers of uploaders that decide themselves which receiver gets which piece.
extension Exchange {
    mutating func offered(
        _ content: ContentID, _ number: UInt32, _ count: UInt32, _ tail: RawSpan,
        from source: Rank, now: Tick, effects: inout Effects<DownloaderEffect>
    ) throws(WireError) {
        guard let index = transfers.index(of: content), transfers[index].stage == .fetching else {
            let all = try tail.readPieces(count: count, below: Geometry.pieceCountMax)
            return decline(content, number, all, source, &effects)
        }
        try tail.checkPieces(count: count, below: transfers[index].board.have.capacity)
        guard let place = transfers[index].sources.place(of: source),
            !transfers[index].sources[place].isDistrusted
        else { return decline(content, number, [], source, &effects) }
        transfers[index].sources[place].spoke()
        for number in 0..<Int(count) { transfers[index].noteHolds(place, tail.piece(at: number)) }
        if let piece = acceptable(tail, Int(count), index, place, now: now) {
            return ask(index, piece, source: place, offer: number, now: now, &effects)
        }
        let have = transfers[index].board.have
        let held = (0..<Int(count)).map { tail.piece(at: $0) }.filter { have.contains($0) }
        decline(content, number, held, source, &effects)
    }

    /// The first offered piece that is still queued; where none is queued at all, one that another
    /// source is late with.
    private func acceptable(
        _ pieces: RawSpan, _ count: Int, _ index: TransferIndex, _ place: SourceIndex, now: Tick
    ) -> PieceIndex? {
        guard requests.count < requestsMax(index), !isInArrears(index, place),
            requests.offeredCount < receiptsMax(index)
        else { return nil }
        for number in 0..<count
        where transfers[index].board.queued.contains(pieces.piece(at: number)) {
            return pieces.piece(at: number)
        }
        guard transfers[index].board.queued.isEmpty else { return nil }
        return lastPiece(index, place, now: now)
    }

    /// Whether the source's requests are late already. Each of them holds a buffer, and a source
    /// that offers much and sends nothing must leave buffers for the others. An honest uploader
    /// offers nothing more to a rank whose request waits, except when that request crosses a lapsed
    /// offer.
    private func isInArrears(_ index: TransferIndex, _ place: SourceIndex) -> Bool {
        let source = transfers[index].sources[place]
        let unanswered = requests.unansweredCount(index, at: source.rank)
        guard unanswered < Self.unansweredMax else { return true }
        let late = requests.lateCount(index, at: source.rank)
        return late > 0 && source.outstanding + late >= max(source.window, Self.receiptsMin)
    }

    /// The number of pieces that arrive within two seconds, so that a slow receiver is not sent
    /// everything at once; always a few.
    private func receiptsMax(_ index: TransferIndex) -> Int {
        let timing = transfers[index].pace.timing
        guard timing.count >= Self.receiptsMin, timing.mean > .zero else {
            return Self.receiptsMin * 2
        }
        let perSecond = Duration.seconds(1) / timing.mean
        return max(Self.receiptsMin, Int(min(perSecond, 1000)) * 2)
    }

    private static let receiptsMin = 4
    private static let unansweredMax = 2

    private mutating func decline(
        _ content: ContentID, _ number: UInt32, _ held: [PieceIndex], _ source: Rank,
        _ effects: inout Effects<DownloaderEffect>
    ) {
        journal.branches.declines += 1
        let message = UploadMessage.decline(content, offer: number, count: UInt32(held.count))
        let tail = effects.tail { $0.write(held[...]) }
        effects.append(.send(.upload(message), tail, to: source))
    }
}
