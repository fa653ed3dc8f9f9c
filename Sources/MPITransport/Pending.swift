internal import Vocabulary

/// The purpose of one request in flight, and the memory that it owns until it has ended.
enum Pending {
    case receive(ring: Int, slot: Int)
    case message(SendSlot, to: Rank)
    case payload(PieceBuffer, to: Rank, request: RequestNumber)
    case expected(PieceBuffer, from: Rank, request: RequestNumber, isWithdrawn: Bool)
    /// The request has completed, and its row waits for `closeUp()`.
    case over

    var isOver: Bool {
        if case .over = self { true } else { false }
    }
}
