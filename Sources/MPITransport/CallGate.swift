internal import CMPI
internal import Synchronization

/// Keeps the calls of other threads out of MPI while a request is cancelled or given up.
///
/// Open MPI (4.1, ob1) takes a receive that a message belongs to out of its queue, lets go of the
/// lock, and only then notes that it is matched. A cancel by another thread in between believes
/// that it is not, and the receive ends twice: the process dies, or memory is written that is
/// somebody else's by then. So it must not be in between: nobody else may be in a call.
///
/// No call that passes here waits for anything, so that whoever has to wait here may look again
/// and again. Cancelling is rare, and goes first.
enum CallGate {
    /// Calls under way, and above them the cancels that are under way or waiting.
    private static let callers = Atomic<Int>(0)
    private static let oneCancel = 1 << 32

    /// For what may find messages, or start.
    static func pass(_ call: () -> CInt) -> CInt {
        while callers.add(1, ordering: .acquiring).newValue >= oneCancel {
            callers.subtract(1, ordering: .relaxed)
            while callers.load(ordering: .relaxed) >= oneCancel { cmpi_yield() }
        }
        defer { callers.subtract(1, ordering: .releasing) }
        return call()
    }

    /// For what must meet no such call. Several of these do not disturb each other.
    static func passAlone(_ call: () -> CInt) -> CInt {
        callers.add(oneCancel, ordering: .relaxed)
        while callers.load(ordering: .acquiring) % oneCancel != 0 { cmpi_yield() }
        defer { callers.subtract(oneCancel, ordering: .releasing) }
        return call()
    }
}
