import CLinux
import Glibc

/// A set of signals that one thread blocks and then waits for.
struct SignalSet: Sendable {
    /// One signal as it arrived.
    struct Received {
        let signal: Signal
        /// The process that sent it; meaningless when the kernel did.
        let sender: Int32
        /// The kernel's own signals come from the terminal, which sends them to a whole group.
        let isFromKernel: Bool
    }

    private(set) var raw: sigset_t

    init(_ signals: [Signal]) {
        raw = sigset_t()
        unsafe sigemptyset(&raw)
        for signal in signals { unsafe sigaddset(&raw, signal.number) }
    }

    private init(raw: sigset_t) { self.raw = raw }

    /// Blocks these signals in the calling thread, and in every thread and child that it starts
    /// from now on. Returns the set that was blocked before.
    @discardableResult
    func block() throws(LaunchError) -> SignalSet { try exchange(SIG_BLOCK) }

    /// Makes this the set of blocked signals, as `block` returned it.
    func restore() throws(LaunchError) { _ = try exchange(SIG_SETMASK) }

    /// Sleeps until one of the signals is pending, and takes it.
    func wait() throws(LaunchError) -> Received {
        var wanted = raw
        var information = unsafe siginfo_t()
        let number = try posix("sigwaitinfo") { unsafe sigwaitinfo(&wanted, &information) }
        return Received(
            signal: Signal(number), sender: unsafe clinux_signal_sender(&information),
            isFromKernel: unsafe information.si_code > 0)
    }

    /// Sleeps until one of the signals is pending, and takes it, or until the time is up.
    func wait(seconds: Int) throws(LaunchError) {
        var wanted = raw
        var limit = timespec(tv_sec: seconds, tv_nsec: 0)
        do throws(LaunchError) {
            try posix("sigtimedwait") { unsafe sigtimedwait(&wanted, nil, &limit) }
        } catch .call("sigtimedwait", errno: EAGAIN) {
            return
        }
    }

    private func exchange(_ how: Int32) throws(LaunchError) -> SignalSet {
        var new = raw
        var old = sigset_t()
        try posix("pthread_sigmask") { settingErrno(unsafe pthread_sigmask(how, &new, &old)) }
        return SignalSet(raw: old)
    }
}
