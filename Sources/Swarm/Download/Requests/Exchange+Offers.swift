import Vocabulary
import Wire

/// Answers offers of uploaders that decide themselves which receiver gets which piece.
extension Exchange {
    mutating func offered(
        _ content: ContentID, _ number: UInt32, _ count: UInt32, places: UInt32, _ tail: RawSpan,
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
        let pieces = (0..<Int(count)).map { tail.piece(at: $0) }
        for piece in pieces { transfers[index].noteHolds(place, piece) }
        let bid = Bid(content: content, number: number, source: source, pieces: pieces, cameAt: now)
        bids.offered(among: places)
        guard places > 0,
            !hasBuffer(for: index) || !bids.hasPlace(beside: requests, rules, now: now),
            pieces.contains(where: { transfers[index].board.queued.contains($0) })
        else {
            bids.remove(of: content, by: source)
            return answer(bid, index, place, now: now, &effects)
        }
        bids.add(bid)
    }

    /// Accepts the first offered piece that is still missing, or declines the offer.
    mutating func answer(
        _ bid: Bid, _ index: TransferIndex, _ place: SourceIndex, now: Tick,
        _ effects: inout Effects<DownloaderEffect>
    ) {
        if let piece = acceptable(bid.pieces, index, place, now: now) {
            return ask(index, piece, source: place, offer: bid.number, now: now, &effects)
        }
        bids.turnedAway(bid, queued: transfers[index].board.queued)
        let held = bid.pieces.filter { transfers[index].board.have.contains($0) }
        decline(bid.content, bid.number, held, bid.source, &effects)
    }

    /// The first offered piece that is still queued. If no piece at all is queued, it is one that
    /// another source is late with.
    private func acceptable(
        _ pieces: [PieceIndex], _ index: TransferIndex, _ place: SourceIndex, now: Tick
    ) -> PieceIndex? {
        guard hasBuffer(for: index),
            !requests.isInArrears(index, transfers[index].sources[place]),
            requests.offeredCount < bids.most(atPace: transfers[index].pace)
        else { return nil }
        let queued = transfers[index].board.queued
        return pieces.first { queued.contains($0) }
            ?? (queued.isEmpty ? lastPiece(index, place, now: now) : nil)
    }

    mutating func decline(
        _ content: ContentID, _ number: UInt32, _ held: [PieceIndex], _ source: Rank,
        _ effects: inout Effects<DownloaderEffect>
    ) {
        journal.branches.declines += 1
        let message = UploadMessage.decline(content, offer: number, count: UInt32(held.count))
        let tail = effects.tail { $0.write(held[...]) }
        effects.append(.send(.upload(message), tail, to: source))
    }
}
