import Vocabulary

/// Picks any queued piece that the source holds: the first one from a random place on.
enum RandomOrder: Picker {
    static func piece(
        for source: SourceIndex, in transfer: inout Transfer, now: Tick, chance: inout Chance
    ) -> PieceIndex? {
        let count = transfer.board.queued.capacity
        guard count > 0 else { return nil }
        let start = chance.below(count)
        return transfer.sources.first(from: start, of: transfer.board.queued, at: source)
            ?? transfer.sources.first(of: transfer.board.queued, at: source)
    }
}
