import Vocabulary
import Wire

/// Which pieces another rank has, for a user.
extension Downloader {
    /// A rank that has not answered yet may have been another one then: it is asked again.
    mutating func askHolding(
        _ ticket: OrderTicket, of content: ContentID, at rank: Rank,
        _ effects: inout Effects<DownloaderEffect>
    ) {
        var query = HoldingQuery(content: content, rank: rank, tickets: [ticket])
        if let place = desk.holdings.firstIndex(where: { $0.content == content && $0.rank == rank })
        {
            query.tickets = desk.holdings.remove(at: place).tickets + [ticket]
        }
        if desk.holdings.count == HoldingQuery.countMax {
            for ticket in desk.holdings.removeFirst().tickets {
                effects.append(.report(.failed(ticket, .notThere)))
            }
        }
        desk.holdings.append(query)
        ask(rank, content, from: 0, &effects)
    }

    private func ask(
        _ rank: Rank, _ content: ContentID, from first: Int,
        _ effects: inout Effects<DownloaderEffect>
    ) {
        let message = UploadMessage.holdingQuery(content, first: UInt32(first))
        effects.append(.send(.upload(message), .none, to: rank))
    }

    /// What was not asked for, or comes twice, is dropped.
    mutating func holdingCame(
        _ content: ContentID, _ first: UInt32, _ count: UInt32, of pieceCount: UInt32,
        _ tail: RawSpan, from rank: Rank, _ effects: inout Effects<DownloaderEffect>
    ) throws(WireError) {
        guard pieceCount <= Geometry.pieceCountMax, Int(first) + Int(count) <= pieceCount else {
            throw .malformed
        }
        guard
            let place = desk.holdings.firstIndex(where: {
                $0.content == content && $0.rank == rank
            })
        else { return }
        var pieces = desk.holdings[place].pieces ?? PieceSet(none: Int(pieceCount))
        // What was changed between two pages is another content.
        guard count > 0, pieces.capacity == Int(pieceCount) else {
            return report(place, nil, &effects)
        }
        try pieces.insert(bits: tail, first: first, count: count)
        desk.holdings[place].pieces = pieces
        let next = Int(first) + Int(count)
        guard next == pieces.capacity else { return ask(rank, content, from: next, &effects) }
        report(place, pieces, &effects)
    }

    private mutating func report(
        _ place: Int, _ pieces: PieceSet?, _ effects: inout Effects<DownloaderEffect>
    ) {
        for ticket in desk.holdings.remove(at: place).tickets {
            effects.append(.report(.holding(ticket, pieces)))
        }
    }
}
