import Vocabulary
import Wire

/// Who gets which piece next, where that is ours to decide.
extension Uploader {
    /// One offer for every send that may start: now, or when one that is about to end has ended.
    mutating func makeOffers(now: Tick, _ effects: inout Effects<UploaderEffect>) {
        guard stage == .serving, isOffering else { return }
        while true {
            let room = offerRoom(now: now)
            let toUsual = room.usual > 0
            let toSlow = room.slow > 0 && slowLinkCount > 0
            guard toUsual || toSlow,
                makeOffer(now: now, toUsual: toUsual, toSlow: toSlow, &effects)
            else { return }
        }
    }

    /// Whether a neighbour that passes nothing on is to wait: others lack pieces, and take them as
    /// fast as it does.
    private func mustWait(_ place: Int, in index: Int, now: Tick) -> Bool {
        guard contents[index].comesLast(place) else { return false }
        let content = contents[index]
        let isSlow = links[content.neighbours[place].link].isSlow
        return content.neighbours.indices.contains { other in
            let neighbour = content.neighbours[other]
            let link = links[neighbour.link]
            return neighbour.isInterested && neighbour.lacking > 0 && !content.comesLast(other)
                && !link.isChoked && (isSlow || !link.isSlow) && link.restsUntil <= now
        }
    }

    /// How many more offers may be out, to links that are as fast as we are and to slow ones.
    private func offerRoom(now: Tick) -> (usual: Int, slow: Int) {
        var usual = activeMax
        var slow = rules.slowSendsMax
        for send in sends where !send.isStuck {
            if send.isSlow || links[send.link].isSlow { slow -= 1 }
            if send.stage == .sending {
                if !send.isSlow && send.nearEnd > now { usual -= 1 }
            } else if !links[send.link].isSlow {
                usual -= 1
            }
        }
        for offer in offers {
            if links[offer.link].isSlow { slow -= 1 } else { usual -= 1 }
        }
        return (usual, slow)
    }

    private mutating func makeOffer(
        now: Tick, toUsual: Bool, toSlow: Bool, _ effects: inout Effects<UploaderEffect>
    ) -> Bool {
        for step in contents.indices {
            let index = (turn + step) % contents.count
            eligible.removeAll(keepingCapacity: true)
            for place in contents[index].neighbours.indices {
                guard contents[index].neighbours[place].isInterested,
                    contents[index].neighbours[place].lacking > 0
                else { continue }
                let link = contents[index].neighbours[place].link
                guard links[link].isSlow ? toSlow : toUsual, mayOffer(link, now: now),
                    !mustWait(place, in: index, now: now)
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
        guard !links[link].isChoked, !links[link].hasOffer, links[link].waiting == 0,
            links[link].restsUntil <= now
        else { return false }
        // Its next piece may be settled while the last one is about to end.
        return links[link].sends == 0
            || links[link].sends == 1
                && sends.contains { $0.link == link && $0.stage == .sending && $0.nearEnd <= now }
    }

    /// The first piece in the order that somebody eligible lacks, any of those, and what else it
    /// lacks of the next ones.
    private mutating func choose(_ index: Int) -> (place: Int, pieces: [PieceIndex])? {
        var place: Int?
        var pieces: [PieceIndex] = []
        var looked = 0
        let wanted = rules.piecesPerOffer
        let holdings = contents[index].holdings
        let eligible = eligible
        var chance = Chance(seed: self.chance.next())
        contents[index].walk(&self.chance) { piece in
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

    /// Pieces looked at to find more for whoever is to get the first.
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
        nextOffer = nextOffer == .max ? 1 : nextOffer + 1
        let link = contents[index].neighbours[place].link
        links[link].hasOffer = true
        contents[index].served(pieces[0])
        offers.append(
            OfferRow(
                number: nextOffer, link: link, content: index, piece: pieces[0], sentAt: now))
        let tail = effects.tail { $0.write(pieces[...]) }
        let message = DownloadMessage.offer(
            contents[index].content, number: nextOffer, count: UInt32(pieces.count))
        effects.append(.send(.download(message), tail, to: links[link].rank))
    }

    /// A request or a decline that names an offer answers it.
    mutating func answered(_ number: UInt32, by rank: Rank, now: Tick) {
        guard number != 0,
            let row = offers.firstIndex(where: {
                $0.number == number && linkRoster[$0.link] == rank
            })
        else { return }
        let offer = end(offer: row)
        answers.note(now - offer.sentAt)
    }

    mutating func declined(
        _ content: ContentID, _ number: UInt32, _ count: UInt32, _ tail: RawSpan, by rank: Rank,
        now: Tick
    ) throws(WireError) {
        answered(number, by: rank, now: now)
        guard let index = indexOfContent[content] else { return }
        try tail.checkPieces(count: count, below: contents[index].geometry.pieceCount)
        guard let place = contents[index].roster.place(of: rank) else { return }
        for number in 0..<Int(count) { contents[index].got(place, tail.piece(at: number)) }
        guard count == 0 else { return }
        // All of it is on its way to it already, or it has enough to take: not now.
        links[contents[index].neighbours[place].link].restsUntil = now + rest(index)
    }

    /// Half of what a piece takes.
    private func rest(_ index: Int) -> Duration {
        let size = contents[index].geometry.pieceLength.raw
        guard let usual = outflow.usual else { return rules.offerPatienceMin / 2 }
        return max(.seconds(Double(size) / usual / 2), .milliseconds(1))
    }

    private var offerPatience: Duration {
        guard let latest = answers.latest(times: 2) else { return rules.offerPatienceMax }
        return min(max(latest, rules.offerPatienceMin), rules.offerPatienceMax)
    }

    mutating func lapseOffers(now: Tick) {
        for row in offers.indices.reversed() where offers[row].sentAt + offerPatience <= now {
            let offer = end(offer: row)
            lapseCount += 1
            links[offer.link].restsUntil = now + rules.lapseRest
        }
    }

    mutating func dropOffers(to link: Int) {
        for row in offers.indices.reversed() where offers[row].link == link {
            _ = end(offer: row)
        }
    }

    private mutating func end(offer row: Int) -> OfferRow {
        let offer = offers.remove(at: row)
        links[offer.link].hasOffer = false
        contents[offer.content].unserved(offer.piece)
        return offer
    }

    /// The next moment at which something may have to be done without anything coming in.
    mutating func wake(now: Tick, _ effects: inout Effects<UploaderEffect>) {
        // Who leaves reviews nothing any more: its last review stays behind.
        var next = stage == .serving ? choker.nextReview : .never
        if stage == .serving, let parting {
            next = min(next, now < parting.lowerBound ? parting.lowerBound : parting.upperBound)
        }
        for offer in offers { next = min(next, offer.sentAt + offerPatience) }
        for send in sends where send.stage == .sending && !send.isStuck {
            next = min(next, max(send.stuckAt, now))
            guard !send.isSlow else { continue }
            if send.nearEnd > now { next = min(next, send.nearEnd) }
            if send.slowAt > now { next = min(next, send.slowAt) }
        }
        if isOffering, activeSends + offers.count < activeMax {
            for link in links where link.interests > 0 && link.restsUntil > now {
                next = min(next, link.restsUntil)
            }
        }
        if stage == .serving, let end = lingerEnd { next = min(next, end) }
        guard next != .never else { return }
        effects.append(.wake(at: max(next, now)))
    }
}
