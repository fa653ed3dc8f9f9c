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

    /// Calls in which all ranks take part, which one thread makes before there is another.
    private static let isCollecting = Atomic(false)
    private static let collectives = Atomic<Int>(0)

    /// The number of such a call that is under way.
    static var collectiveUnderWay: Int? {
        isCollecting.load(ordering: .relaxed) ? collectives.load(ordering: .relaxed) : nil
    }

    static func passTogether(_ call: () -> CInt) -> CInt {
        collectives.add(1, ordering: .relaxed)
        isCollecting.store(true, ordering: .relaxed)
        defer { isCollecting.store(false, ordering: .relaxed) }
        return call()
    }

    /// From here on one call follows the other. To be called before there is a second thread.
    static func serialise() { isSerial.store(true, ordering: .relaxed) }

    /// Whether calls that only report leave the sockets alone: each look at them is a call of the
    /// system over all of them, so that one for each poll has to be enough.
    private static let isFrugal = Atomic(false)

    /// From here on the sockets are looked at by `progress` only, where the library can do that.
    static func lookAtSocketsRarely() { isFrugal.store(true, ordering: .relaxed) }

    /// Has the library send and receive. False where each call does so by itself.
    static func progress() -> Bool {
        guard isFrugal.load(ordering: .relaxed) else { return false }
        return passInTurn { cmpi_progress() ? 1 : 0 } == 1
    }

    static func passInTurn(_ call: () -> CInt) -> CInt {
        while isBusy.exchange(true, ordering: .acquiring) { cmpi_yield() }
        turn.add(1, ordering: .relaxed)
        defer { isBusy.store(false, ordering: .releasing) }
        return call()
    }

    /// For calls that may match messages, or start requests. Quietly, a call reports only what the
    /// last `progress` has brought.
    static func pass(quietly isQuiet: Bool = false, _ call: () -> CInt) -> CInt {
        if isQuiet {
            return passInTurn {
                cmpi_look_at_sockets(false)
                defer { cmpi_look_at_sockets(true) }
                return call()
            }
        }
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
