internal import Vocabulary

/// What has been collected and not yet told. Copyable, as an event is not, so that an array can
/// hold it.
enum Completed {
    case message(ring: Int, slot: Int, source: Rank, byteCount: Int)
    case payload(PieceBuffer, byteCount: Int, from: Rank, request: RequestNumber)
    case withdrawn(PieceBuffer, request: RequestNumber)
    case payloadSent(request: RequestNumber, to: Rank)
}
