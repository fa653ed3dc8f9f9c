import Vocabulary

/// Any queued piece that the source holds: the first one behind a random place.
enum RandomOrder: Picker {
    static func piece(
        for source: Int, in transfer: inout Transfer, now: Tick, chance: inout Chance
    ) -> PieceIndex? {
        let count = transfer.queued.capacity
        guard count > 0 else { return nil }
        let start = chance.below(count)
        return transfer.holdings.first(from: start, of: transfer.queued, in: source)
            ?? transfer.holdings.first(of: transfer.queued, in: source)
    }
}
