import Vocabulary

/// A payload on its way into a transport: what was read, for whom, and for which request.
struct OutgoingPayload {
    let ticket: ReadTicket
    let to: Rank
    let request: RequestNumber
    let byteCount: Int
}
