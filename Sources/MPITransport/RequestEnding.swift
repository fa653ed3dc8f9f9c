/// The end of one request.
struct RequestEnding {
    let pending: Pending
    /// The sender, for a receive that succeeded.
    let source: Int32
    /// The number of bytes received; -1 if it is unknown.
    let byteCount: Int
    let wasCancelled: Bool
    let outcome: Outcome

    enum Outcome {
        case well
        /// The message was longer than its buffer.
        case tooLong
        case failed(code: Int32)
    }
}
