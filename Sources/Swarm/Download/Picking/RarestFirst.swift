import Vocabulary

/// What fewest neighbours hold, ties at random. The first pieces are taken at random: whoever has
/// nothing yet needs something to give, not the piece that is hardest to come by.
enum RarestFirst: Picker {
    static let randomPiecesFirst = 4

    static func piece(
        for source: SourceIndex, in transfer: inout Transfer, now: Tick, chance: inout Chance
    ) -> PieceIndex? {
        guard transfer.board.have.count >= randomPiecesFirst else {
            return RandomOrder.piece(for: source, in: &transfer, now: now, chance: &chance)
        }
        // Looking for one in words of bits is quick, and mostly there is none.
        guard transfer.sources.first(of: transfer.board.queued, at: source) != nil else {
            return nil
        }
        let holdings = transfer.sources.holdings
        return transfer.board.rarity.first(&chance) {
            holdings.contains($0, in: source.position)
        }
    }
}
