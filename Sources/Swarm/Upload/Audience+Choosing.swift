import Vocabulary
import Wire

/// Which neighbour is offered which pieces, and what it has been given.
extension Audience {
    /// Chooses the first piece in the order that an eligible neighbour lacks, one such neighbour,
    /// whose place is returned, and further pieces that it lacks.
    mutating func choose(_ index: Int, among eligible: [Int]) -> Int? {
        var place: Int?
        // Taken out and put back, so that each choice has the capacity of the last one.
        var pieces: [PieceIndex] = []
        swap(&pieces, &chosen)
        pieces.removeAll(keepingCapacity: true)
        var looked = 0
        let wanted = rules.piecesPerOffer
        let holdings = contents[index].holdings
        var pick = Chance(seed: chance.next())
        contents[index].walk(&chance) { piece in
            if let place {
                looked += 1
                if !holdings.contains(piece, in: place) { pieces.append(piece) }
            } else {
                place = Self.anyLacking(piece, holdings, eligible, &pick)
                if place != nil { pieces.append(piece) }
            }
            return pieces.count < wanted && looked < Self.lookaheadMax
        }
        swap(&pieces, &chosen)
        return place
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

    /// Reports a choice that differs from the one before to an observer.
    func reportChoice(
        after preferred: [Int], _ optimistic: Int?, _ effects: inout Effects<UploaderEffect>
    ) {
        if choker.preferred.sorted() != preferred.sorted() {
            tell(
                .preferred(choker.preferred.map { links[$0].rank }), &effects)
        }
        if let chosen = choker.optimistic, chosen != optimistic {
            tell(.optimistic(links[chosen].rank), &effects)
        }
    }

    /// Notes that the receiver has the piece, because it does not announce to its sender. If offers
    /// decide, nothing is noted, so that a piece that failed to arrive is offered again.
    mutating func noteGiven(_ send: SendRow) {
        guard !isOffering,
            let place = contents[send.content].roster.place(of: roster[send.link])
        else { return }
        contents[send.content].got(place, send.piece)
    }
}
