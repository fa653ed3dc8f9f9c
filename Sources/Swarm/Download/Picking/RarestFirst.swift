import Vocabulary

/// Picks the piece that the fewest neighbours hold, and breaks ties at random. The first few pieces
/// are random: a rank without pieces needs any piece that it can pass on, not the one that is
/// hardest to get.
enum RarestFirst: Picker {
    static let randomPiecesFirst = 4

    static func piece(
        for source: SourceIndex, in transfer: inout Transfer, now: Tick, chance: inout Chance
    ) -> PieceIndex? {
        guard transfer.board.have.count >= randomPiecesFirst else {
            return RandomOrder.piece(for: source, in: &transfer, now: now, chance: &chance)
        }
        // A search in words of bits is quick, and usually there is no such piece.
        guard transfer.sources.first(of: transfer.board.queued, at: source) != nil else {
            return nil
        }
        let holdings = transfer.sources.holdings
        return transfer.board.rarity.first(&chance) {
            holdings.contains($0, in: source.position)
        }
    }
}
