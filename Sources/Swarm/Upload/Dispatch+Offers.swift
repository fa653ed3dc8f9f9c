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
        var usual = activeMax
        var slow = rules.slowSendsMax
        for send in sends where !send.isStuck {
            if send.isSlow || audience.links[send.link].isSlow { slow -= 1 }
            if send.stage == .sending {
                if !send.isSlow && send.nearEnd > now { usual -= 1 }
            } else if !audience.links[send.link].isSlow {
                usual -= 1
            }
        }
        for offer in offers.rows {
            if audience.links[offer.link].isSlow { slow -= 1 } else { usual -= 1 }
        }
        return (usual, slow)
    }

    private mutating func makeOffer(
        now: Tick, toUsual: Bool, toSlow: Bool, _ effects: inout Effects<UploaderEffect>
    ) -> Bool {
        for step in audience.contents.indices {
            let index = (turn + step) % audience.contents.count
            eligible.removeAll(keepingCapacity: true)
            for place in audience.contents[index].neighbours.indices {
                guard audience.contents[index].neighbours[place].isInterested,
                    audience.contents[index].neighbours[place].lacking > 0
                else { continue }
                let link = audience.contents[index].neighbours[place].link
                guard audience.links[link].isSlow ? toSlow : toUsual, mayOffer(link, now: now),
                    !audience.mustWait(place, in: index, now: now)
                else { continue }
                eligible.append(place)
            }
            guard !eligible.isEmpty, let choice = choose(index) else { continue }
            turn = index + 1
            offer(choice.pieces, of: index, to: choice.place, now: now, &effects)
            return true
        }
        return false
    }

    private func mayOffer(_ link: Int, now: Tick) -> Bool {
        guard !audience.links[link].isChoked, !audience.links[link].hasOffer,
            audience.links[link].waiting == 0,
            audience.links[link].restsUntil <= now
        else { return false }
        // The link's next piece may be arranged while its last one is about to end.
        return audience.links[link].sends == 0
            || audience.links[link].sends == 1
                && sends.contains { $0.link == link && $0.stage == .sending && $0.nearEnd <= now }
    }

    /// The first piece in the order that an eligible neighbour lacks, one such neighbour, and
    /// further pieces that it lacks.
    private mutating func choose(_ index: Int) -> (place: Int, pieces: [PieceIndex])? {
        var place: Int?
        var pieces: [PieceIndex] = []
        var looked = 0
        let wanted = rules.piecesPerOffer
        let holdings = audience.contents[index].holdings
        let eligible = eligible
        var chance = Chance(seed: audience.chance.next())
        audience.contents[index].walk(&audience.chance) { piece in
            if let place {
                looked += 1
                if !holdings.contains(piece, in: place) { pieces.append(piece) }
            } else {
                place = Self.anyLacking(piece, holdings, eligible, &chance)
                if place != nil { pieces.append(piece) }
            }
            return pieces.count < wanted && looked < Self.lookaheadMax
        }
        return place.map { ($0, pieces) }
    }

    /// The number of pieces among which to look for others that the chosen neighbour lacks.
    private static let lookaheadMax = 64

    private static func anyLacking(
        _ piece: PieceIndex, _ holdings: PieceTable, _ eligible: [Int], _ chance: inout Chance
    ) -> Int? {
        var chosen: Int?
        var count = 0
        for place in eligible where !holdings.contains(piece, in: place) {
            count += 1
            if chance.below(count) == 0 { chosen = place }
        }
        return chosen
    }

    private mutating func offer(
        _ pieces: [PieceIndex], of index: Int, to place: Int, now: Tick,
        _ effects: inout Effects<UploaderEffect>
    ) {
        let link = audience.contents[index].neighbours[place].link
        audience.links[link].hasOffer = true
        audience.contents[index].served(pieces[0])
        let number = offers.add(pieces[0], of: index, to: link, now: now)
        let tail = effects.tail { $0.write(pieces[...]) }
        let message = DownloadMessage.offer(
            audience.contents[index].content, number: number, count: UInt32(pieces.count))
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
            now + rest(index)
    }

    /// Half the time that a piece takes.
    private func rest(_ index: Int) -> Duration {
        let size = audience.contents[index].geometry.pieceLength.raw
        guard let usual = outflow.usual else { return rules.offerPatienceMin / 2 }
        return max(.seconds(Double(size) / usual / 2), .milliseconds(1))
    }

    mutating func lapseOffers(now: Tick) {
        while let offer = offers.lapse(now: now) {
            ended(offer)
            audience.links[offer.link].restsUntil = now + rules.lapseRest
        }
    }

    mutating func dropOffers(to link: Int) {
        while let offer = offers.drop(to: link) { ended(offer) }
    }

    private mutating func ended(_ offer: OfferRow) {
        audience.links[offer.link].hasOffer = false
        audience.contents[offer.content].unserved(offer.piece)
    }
}
