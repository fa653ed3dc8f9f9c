internal import CMPI
internal import Synchronization

/// Keeps the calls of other threads out of MPI while a request is cancelled or given up; and, where
/// messages go over sockets, keeps all calls apart.
///
/// Open MPI (4.1, ob1) takes a receive that a message belongs to out of its queue, lets go of the
/// lock, and only then notes that it is matched. A cancel by another thread in between finds it
/// unmatched, and the receive ends twice: the process dies, or memory is written that has another
/// owner by then. Therefore no other thread may be in a call during a cancel.
///
/// Its transport over sockets closes the connection to a dead rank in the thread that notices the
/// death first, be it sending or polling, and connects again with the next send: two threads at
/// once turn the list of events of a socket into a circle, which the next call follows for ever.
/// The rank then seems dead to all others.
///
/// No call that passes here blocks, so a thread that has to wait here polls. Cancels are rare, and
/// go first.
enum CallGate {
    /// Calls under way, and above them the cancels that are under way or waiting.
    private static let callers = Atomic<Int>(0)
    private static let oneCancel = 1 << 32
    private static let isSerial = Atomic(false)
    private static let isBusy = Atomic(false)
    /// The number of the last call that came in turn.
    private static let turn = Atomic<Int>(0)

    /// The number of the call that is under way; nil where there is none, or where calls do not
    /// come in turn.
    static var underWay: Int? {
        isBusy.load(ordering: .relaxed) ? turn.load(ordering: .relaxed) : nil
    }

    /// From here on one call follows the other. To be called before there is a second thread.
    static func serialise() { isSerial.store(true, ordering: .relaxed) }

    private static func passInTurn(_ call: () -> CInt) -> CInt {
        while isBusy.exchange(true, ordering: .acquiring) { cmpi_yield() }
        turn.add(1, ordering: .relaxed)
        defer { isBusy.store(false, ordering: .releasing) }
        return call()
    }

    /// For calls that may match messages, or start requests.
    static func pass(_ call: () -> CInt) -> CInt {
        if isSerial.load(ordering: .relaxed) { return passInTurn(call) }
        while callers.add(1, ordering: .acquiring).newValue >= oneCancel {
            callers.subtract(1, ordering: .relaxed)
            while callers.load(ordering: .relaxed) >= oneCancel { cmpi_yield() }
        }
        defer { callers.subtract(1, ordering: .releasing) }
        return call()
    }

    /// For cancels, which must meet no such call. Several cancels do not disturb each other.
    static func passAlone(_ call: () -> CInt) -> CInt {
        if isSerial.load(ordering: .relaxed) { return passInTurn(call) }
        callers.add(oneCancel, ordering: .relaxed)
        while callers.load(ordering: .acquiring) % oneCancel != 0 { cmpi_yield() }
        defer { callers.subtract(oneCancel, ordering: .releasing) }
        return call()
    }
}
