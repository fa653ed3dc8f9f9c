/// How one request ended.
struct Completion {
    let pending: Pending
    /// Who sent it, where it is a receive that ended well.
    let source: Int32
    /// What a receive brought, -1 where that cannot be told.
    let byteCount: Int
    let wasCancelled: Bool
    let outcome: Outcome

    enum Outcome {
        case well
        /// What came was longer than the memory for it.
        case tooLong
        case failed(code: Int32)
    }
}
