import Vocabulary
import Wire

/// Offers: the next receivers and pieces, where this rank decides.
extension Dispatch {
    /// Makes one offer for each send that may start, now or after one that is about to end.
    mutating func makeOffers(now: Tick, _ effects: inout Effects<UploaderEffect>) {
        guard audience.isOffering else { return }
        while true {
            let room = offerRoom(now: now)
            let toUsual = room.usual > 0
            let toSlow = room.slow > 0 && audience.slowLinkCount > 0
            guard toUsual || toSlow,
                makeOffer(now: now, toUsual: toUsual, toSlow: toSlow, &effects)
            else { return }
        }
    }

    /// The number of further offers to links of the usual speed, and to slow ones.
    private func offerRoom(now: Tick) -> (usual: Int, slow: Int) {
        var usual = freeSends(now: now)
        var slow = rules.slowSendsMax
        for send in sends where !send.isStuck && (send.isSlow || audience.links[send.link].isSlow) {
            slow -= 1
        }
        if sharesLinks, usual > 0 { usual *= Self.offersPerSend }
        for offer in offers.rows {
            if audience.links[offer.link].isSlow {
                slow -= 1
            } else if !offer.mayWait || offers.isFresh(offer, now: now) {
                usual -= 1
            }
        }
        return (usual, slow)
    }

    /// Offers that may wait go to several receivers for each send, and the first one that has room
    /// gets it. One at a time would find that receiver too late, more would mostly be withdrawn.
    private static let offersPerSend = 3

    private mutating func makeOffer(
        now: Tick, toUsual: Bool, toSlow: Bool, _ effects: inout Effects<UploaderEffect>
    ) -> Bool {
        for step in audience.contents.indices {
            let index = (turn + step) % audience.contents.count
            guard audience.contents[index].isAwaited else { continue }
            eligible.removeAll(keepingCapacity: true)
            for place in audience.contents[index].neighbours.indices {
                guard audience.contents[index].neighbours[place].isAwaiting else { continue }
                let link = audience.contents[index].neighbours[place].link
                guard audience.links[link].isSlow ? toSlow : toUsual, mayOffer(link, now: now),
                    !audience.mustWait(place, in: index, now: now)
                else { continue }
                eligible.append(place)
            }
            guard !eligible.isEmpty, let place = audience.choose(index, among: eligible)
            else { continue }
            turn = index + 1
            offer(audience.chosen, of: index, to: place, now: now, &effects)
            return true
        }
        return false
    }

    private func mayOffer(_ link: Int, now: Tick) -> Bool {
        guard !audience.links[link].isChoked, !audience.links[link].hasOffer,
            audience.links[link].waiting == 0,
            audience.links[link].restsUntil <= now
        else { return false }
        guard !sharesLinks else { return audience.links[link].sends < activeMax }
        // The link's next piece may be arranged while its last one is about to end.
        return audience.links[link].sends == 0
            || audience.links[link].sends == 1
                && sends.contains {
                    $0.link == link && $0.stage == .sending && $0.timing.nearEnd <= now
                }
    }

    private mutating func offer(
        _ pieces: [PieceIndex], of index: Int, to place: Int, now: Tick,
        _ effects: inout Effects<UploaderEffect>
    ) {
        let link = audience.contents[index].neighbours[place].link
        audience.links[link].hasOffer = true
        audience.contents[index].served(pieces[0])
        let places = pace.linkPlaces ?? 0
        let number = offers.add(pieces[0], of: index, to: link, places: places, now: now)
        let tail = effects.tail { $0.write(pieces[...]) }
        let message = DownloadMessage.offer(
            audience.contents[index].content, number: number, count: UInt32(pieces.count),
            places: UInt32(places))
        effects.append(.send(.download(message), tail, to: audience.links[link].rank))
    }

    /// A request or a decline that names an offer answers it.
    mutating func answered(_ number: UInt32, by rank: Rank, now: Tick) {
        guard number != 0,
            let link = audience.place(of: rank),
            let offer = offers.answered(number, by: link, now: now)
        else { return }
        ended(offer)
    }

    mutating func declined(
        _ content: ContentID, _ number: UInt32, _ count: UInt32, _ tail: RawSpan, by rank: Rank,
        now: Tick
    ) throws(WireError) {
        answered(number, by: rank, now: now)
        guard let index = audience.indexOfContent[content] else { return }
        try tail.checkPieces(count: count, below: audience.contents[index].geometry.pieceCount)
        guard let place = audience.contents[index].roster.place(of: rank) else { return }
        for number in 0..<Int(count) { audience.contents[index].got(place, tail.piece(at: number)) }
        guard count == 0 else { return }
        // All offered pieces are under way to it, or it has enough requests: it wants none now.
        audience.links[audience.contents[index].neighbours[place].link].restsUntil =
            now + pace.rest(audience.contents[index].geometry.pieceLength)
    }

    mutating func lapseOffers(now: Tick) {
        while let offer = offers.lapse(now: now) {
            ended(offer)
            // A receiver that is busy with others for long is not to blame.
            guard !offer.mayWait else { continue }
            audience.links[offer.link].restsUntil = now + rules.lapseRest
        }
    }

    mutating func dropOffers(to link: Int) {
        while let offer = offers.drop(to: link) { ended(offer) }
    }

    mutating func ended(_ offer: OfferRow) {
        audience.links[offer.link].hasOffer = false
        audience.contents[offer.content].unserved(offer.piece)
    }
}
