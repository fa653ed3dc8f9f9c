internal import Vocabulary

/// An event that was collected and not returned yet. Unlike a transport event it is copyable, so
/// that an array can hold it.
enum Completed {
    case message(ring: Int, slot: Int, source: Rank, byteCount: Int)
    case payload(PieceBuffer, byteCount: Int, from: Rank, request: RequestNumber)
    case withdrawn(PieceBuffer, request: RequestNumber)
    case payloadSent(request: RequestNumber, to: Rank)
}
