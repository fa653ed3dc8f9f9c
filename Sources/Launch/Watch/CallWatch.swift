/// Notices a call into the MPI library that never returns, which may happen after a connection has
/// failed. It counts looks and reads no clock: a process that was stopped, or is not scheduled,
/// looks less often too.
package struct CallWatch: Sendable {
    private let looksMax: Int
    private var last: Int?
    private var count = 0

    package init(looksMax: Int) { self.looksMax = looksMax }

    /// Whether the same call has been under way for more than `looksMax` looks. `call` is its
    /// number; nil where there is none.
    package mutating func look(at call: Int?) -> Bool {
        count = call != nil && call == last ? count + 1 : 0
        last = call
        return count >= looksMax
    }
}
