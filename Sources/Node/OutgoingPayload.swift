import Vocabulary

/// A payload on its way into a transport: its read, its receiver and its request.
struct OutgoingPayload {
    let ticket: ReadTicket
    let to: Rank
    let request: RequestNumber
    let byteCount: Int
}
