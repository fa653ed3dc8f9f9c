internal import CMPI
internal import Synchronization

/// Keeps other threads out of MPI while a request is cancelled or given up. Where messages go over
/// sockets, it lets only one thread at a time into MPI.
///
/// Open MPI (4.1, ob1) takes a receive that a message belongs to out of its queue, lets go of the
/// lock, and only then notes that it is matched. A cancel by another thread in between finds it
/// unmatched, and the receive ends twice: the process dies, or memory is written that has another
/// owner by then. Therefore no other thread may be in a call during a cancel.
///
/// Open MPI's transport over sockets closes the connection to a dead rank in the thread that
/// notices the death first, and connects again with the next send. Two threads at once can turn the
/// list of events of a socket into a circle, which the next call follows for ever. This rank then
/// seems dead to all others.
///
/// No call that passes here blocks, so a thread that has to wait here polls. Cancels are rare, and
/// go first.
enum CallGate {
    /// The number of calls under way, plus `oneCancel` for each cancel that is under way or
    /// waiting.
    private static let callers = Atomic<Int>(0)
    private static let oneCancel = 1 << 32
    private static let isSerial = Atomic(false)
    private static let isBusy = Atomic(false)
    /// The number of the last call, where calls come one by one.
    private static let turn = Atomic<Int>(0)

    /// The number of the call that is under way; nil if there is none, or calls do not come one by
    /// one.
    static var underWay: Int? {
        isBusy.load(ordering: .relaxed) ? turn.load(ordering: .relaxed) : nil
    }

    /// Whether a call in which all ranks take part is under way. One thread makes such calls,
    /// before there is a second.
    private static let isCollecting = Atomic(false)
    private static let collectives = Atomic<Int>(0)

    /// The number of the call under way in which all ranks take part; nil if there is none.
    static var collectiveUnderWay: Int? {
        isCollecting.load(ordering: .relaxed) ? collectives.load(ordering: .relaxed) : nil
    }

    static func passTogether(_ call: () -> CInt) -> CInt {
        collectives.add(1, ordering: .relaxed)
        isCollecting.store(true, ordering: .relaxed)
        defer { isCollecting.store(false, ordering: .relaxed) }
        return call()
    }

    /// Makes all later calls come one by one. To be called before there is a second thread.
    static func serialise() { isSerial.store(true, ordering: .relaxed) }

    /// Whether calls that only report do not look at the sockets: each look is a system call over
    /// all sockets, so there is only one in each poll.
    private static let isFrugal = Atomic(false)

    /// Makes `progress` the only call that looks at the sockets, if the library supports that.
    static func lookAtSocketsRarely() { isFrugal.store(true, ordering: .relaxed) }

    /// Makes the library send and receive. Returns false if each call does that by itself.
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

    /// Makes a call that may match messages or start requests. A quiet call reports only what the
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

    /// Makes a cancel, during which no call of `pass` may be under way. Several cancels do not
    /// disturb each other.
    static func passAlone(_ call: () -> CInt) -> CInt {
        if isSerial.load(ordering: .relaxed) { return passInTurn(call) }
        callers.add(oneCancel, ordering: .relaxed)
        while callers.load(ordering: .acquiring) % oneCancel != 0 { cmpi_yield() }
        defer { callers.subtract(oneCancel, ordering: .releasing) }
        return call()
    }
}
