import Vocabulary

/// A buffer that an endpoint lent to one request.
struct PostedReceive {
    let request: UInt32
    let source: Int32
    let buffer: SimulatedPayload
}
