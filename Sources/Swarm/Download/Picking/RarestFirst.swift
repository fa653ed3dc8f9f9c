import Vocabulary

/// What fewest neighbours hold, ties at random. The first pieces are taken at random: whoever has
/// nothing yet needs something to give, not the piece that is hardest to come by.
enum RarestFirst: Picker {
    static let randomPiecesFirst = 4

    static func piece(
        for source: Int, in transfer: inout Transfer, now: Tick, chance: inout Chance
    ) -> PieceIndex? {
        guard transfer.have.count >= randomPiecesFirst else {
            return RandomOrder.piece(for: source, in: &transfer, now: now, chance: &chance)
        }
        // Looking for one in words of bits is quick, and mostly there is none.
        guard transfer.holdings.first(of: transfer.queued, in: source) != nil else { return nil }
        let holdings = transfer.holdings
        return transfer.rarity.first(&chance) { holdings.contains($0, in: source) }
    }
}
