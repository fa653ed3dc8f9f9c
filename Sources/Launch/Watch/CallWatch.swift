/// Notices a call into the MPI library that never returns, which may happen after a connection has
/// failed. It counts looks instead of reading a clock, because a process that was stopped, or is
/// not scheduled, also looks less often.
package struct CallWatch: Sendable {
    private let looksMax: Int
    private var last: Int?
    private var count = 0

    package init(looksMax: Int) { self.looksMax = looksMax }

    /// Returns whether the same call has been under way for more than `looksMax` looks. `call` is
    /// the number of the present call; nil if there is none.
    package mutating func look(at call: Int?) -> Bool {
        count = call != nil && call == last ? count + 1 : 0
        last = call
        return count >= looksMax
    }
}
