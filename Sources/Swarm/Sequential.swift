import Vocabulary

/// From the first piece to the last, for those who read while the rest is still coming.
enum Sequential: Picker {
    static func piece(
        for source: Int, in transfer: borrowing Transfer, now: Tick, chance: inout Chance
    ) -> PieceIndex? {
        transfer.queued.first(in: transfer.sources[source].holds)
    }
}
