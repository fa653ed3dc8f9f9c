import Vocabulary

/// Chooses which queued piece to request from a source. Apart from chance it is a pure function of
/// transfer and source: it changes a transfer only in that it may sort an order.
protocol Picker {
    static func piece(
        for source: SourceIndex, in transfer: inout Transfer, now: Tick, chance: inout Chance
    ) -> PieceIndex?
}

/// The pickers; the raw values are for users.
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
