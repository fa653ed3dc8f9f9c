import Vocabulary

/// Picks the pieces from the first to the last, for users who read while the rest is still coming.
enum Sequential: Picker {
    static func piece(
        for source: SourceIndex, in transfer: inout Transfer, now: Tick, chance: inout Chance
    ) -> PieceIndex? {
        transfer.sources.first(of: transfer.board.queued, at: source)
    }
}
