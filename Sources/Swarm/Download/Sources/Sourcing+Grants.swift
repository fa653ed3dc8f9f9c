import Vocabulary
import Wire

/// Decides which of the waiting offers is accepted next, and when.
///
/// A rank whose link receives no faster than others send accepts a few pieces at a time. More would
/// only share the link, and keep more senders busy for longer, while other receivers get nothing.
extension Sourcing {
    /// Accepts offers that wait while there is room to receive what they offer.
    mutating func grant(now: Tick, _ effects: inout Effects<DownloaderEffect>) {
        guard !exchange.bids.isEmpty else { return }
        while let place = nextBid(now: now) {
            let bid = exchange.bids.remove(at: place)
            guard let (index, source) = subject(of: bid) else {
                exchange.decline(
                    bid.content, bid.number, unneeded(of: bid), bid.source, &effects)
                continue
            }
            exchange.answer(bid, index, source, now: now, &effects)
        }
        let next = exchange.bids.nextGrant(beside: exchange.requests, rules, now: now)
        if next < .never { effects.append(.wake(at: next)) }
    }

    /// The pieces that the source of an offer need not offer again: all, unless the content is
    /// still being fetched.
    private func unneeded(of bid: Bid) -> [PieceIndex] {
        guard let index = transfers.index(of: bid.content), transfers[index].stage == .fetching
        else { return bid.pieces }
        return []
    }

    /// The transfer and the source of an offer; nil if the offer is no longer needed.
    private func subject(of bid: Bid) -> (TransferIndex, SourceIndex)? {
        guard let index = transfers.index(of: bid.content), transfers[index].stage == .fetching,
            let place = transfers[index].sources.place(of: bid.source),
            !transfers[index].sources[place].isDistrusted
        else { return nil }
        return (index, place)
    }

    /// The next offer to accept. Offers of a rank that had everything from the start come first,
    /// because its pieces are new to all others. Among the rest chance decides, so that no sender
    /// waits for the same receiver again and again.
    private mutating func nextBid(now: Tick) -> Int? {
        let hasPlace = exchange.bids.hasPlace(beside: exchange.requests, rules, now: now)
        var fitting: [Int] = []
        var fromSeeds: [Int] = []
        for place in exchange.bids.rows.indices {
            let bid = exchange.bids.rows[place]
            guard let (index, source) = subject(of: bid) else {
                fitting.append(place)
                fromSeeds.append(place)
                continue
            }
            guard exchange.hasBuffer(for: index),
                hasPlace || exchange.bids.isOverdue(bid, now: now)
            else { continue }
            fitting.append(place)
            if transfers[index].sources[source].isSeed { fromSeeds.append(place) }
        }
        let best = fromSeeds.isEmpty ? fitting : fromSeeds
        return best.isEmpty ? nil : best[exchange.chance.below(best.count)]
    }
}
