import Vocabulary

/// What fewest neighbours hold, ties at random. The first pieces are taken at random: whoever has
/// nothing yet needs something to give, not the piece that is hardest to come by.
enum RarestFirst: Picker {
    static let randomPiecesFirst = 4

    static func piece(
        for source: Int, in transfer: borrowing Transfer, now: Tick, chance: inout Chance
    ) -> PieceIndex? {
        guard transfer.have.count >= randomPiecesFirst else {
            return RandomOrder.piece(for: source, in: transfer, now: now, chance: &chance)
        }
        let holds = transfer.sources[source].holds
        // Looking for one in words of bits is quick, and mostly there is none.
        guard transfer.queued.first(in: holds) != nil else { return nil }
        return transfer.rarity.first(&chance) { holds.contains($0) }
    }
}
