internal import Vocabulary

/// The purpose of one request in flight, and the memory that it owns until it is over.
enum Pending {
    case receive(ring: Int, slot: Int)
    case message(SendSlot, to: Rank)
    case payload(PieceBuffer, to: Rank, request: RequestNumber)
    case expected(PieceBuffer, from: Rank, request: RequestNumber, isWithdrawn: Bool)
    /// Completed; the row waits for the table to close up.
    case over

    var isOver: Bool {
        if case .over = self { true } else { false }
    }
}
