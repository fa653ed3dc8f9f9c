import Vocabulary

/// Which of the queued pieces to ask a source for. A pure function of transfer and source, but
/// for chance; a transfer is changed by it only in that an order in it may be sorted.
protocol Picker {
    static func piece(
        for source: SourceIndex, in transfer: inout Transfer, now: Tick, chance: inout Chance
    ) -> PieceIndex?
}

/// The pickers by the names that users give them.
package enum PickerChoice: String, Sendable, CaseIterable {
    case rarestFirst = "rarest-first"
    case sequential
    case random
    case roundRobin = "round-robin"

    func piece(
        for source: SourceIndex, in transfer: inout Transfer, now: Tick, chance: inout Chance
    ) -> PieceIndex? {
        switch self {
        case .rarestFirst:
            RarestFirst.piece(for: source, in: &transfer, now: now, chance: &chance)
        case .sequential: Sequential.piece(for: source, in: &transfer, now: now, chance: &chance)
        case .random: RandomOrder.piece(for: source, in: &transfer, now: now, chance: &chance)
        case .roundRobin: RoundRobin.piece(for: source, in: &transfer, now: now, chance: &chance)
        }
    }
}
