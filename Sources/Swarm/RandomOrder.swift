import Vocabulary

/// Any queued piece that the source holds: the first one behind a random place.
enum RandomOrder: Picker {
    static func piece(
        for source: Int, in transfer: borrowing Transfer, now: Tick, chance: inout Chance
    ) -> PieceIndex? {
        let count = transfer.queued.capacity
        guard count > 0 else { return nil }
        let holds = transfer.sources[source].holds
        return transfer.queued.first(from: chance.below(count), in: holds)
            ?? transfer.queued.first(in: holds)
    }
}
