internal import Vocabulary

/// An event that was collected and not yet returned. It is copyable, unlike a transport event, so
/// that an array can hold it.
enum Completed {
    case message(ring: Int, slot: Int, source: Rank, byteCount: Int)
    case payload(PieceBuffer, byteCount: Int, from: Rank, request: RequestNumber)
    case withdrawn(PieceBuffer, request: RequestNumber)
    case payloadSent(request: RequestNumber, to: Rank)
}
