import CLinux
import Glibc
import Synchronization
package import Vocabulary

/// Wakes one thread, which rests until the bell is rung, a socket is ready, or a time is over.
///
/// Invariant: `isRung` is set before the descriptor is written to, and the thread that rests looks
/// at it after it has set `isResting`; so either it sees the ring, or the ringer sees the rest.
package final class ThreadBell: ReaderBell {
    package enum WaitingEnd: Equatable, Sendable { case rung, socket, time }

    /// The eventfd; negative if the kernel gives none, and then each rest lasts its full time.
    private let descriptor: Int32
    private let isRung = Atomic(false)
    private let isResting = Atomic(false)

    package init() { descriptor = clinux_event_counter() }

    deinit { if descriptor >= 0 { Glibc.close(descriptor) } }

    package func ring() {
        guard !isRung.exchange(true, ordering: .sequentiallyConsistent),
            isResting.load(ordering: .sequentiallyConsistent)
        else { return }
        clinux_count_event(descriptor)
    }

    /// Rests; only the thread of the bell may call this. A signal may end a rest early, which is
    /// harmless.
    package func rest(atMost longest: Duration, watching sockets: [SocketWatch] = []) -> WaitingEnd
    {
        isResting.store(true, ordering: .sequentiallyConsistent)
        defer { isResting.store(false, ordering: .relaxed) }
        if isRung.exchange(false, ordering: .sequentiallyConsistent) { return .rung }
        let hasSocket = wait(longest, sockets)
        if isRung.exchange(false, ordering: .sequentiallyConsistent) { return .rung }
        return hasSocket ? .socket : .time
    }

    /// Waits, and returns whether a socket is ready. A ring that is seen before it is written to
    /// the descriptor ends the next rest as well.
    private func wait(_ longest: Duration, _ sockets: [SocketWatch]) -> Bool {
        let (seconds, attoseconds) = longest.components
        let nanoseconds = seconds * 1_000_000_000 + attoseconds / 1_000_000_000
        return unsafe withUnsafeTemporaryAllocation(
            of: clinux_watched_descriptor.self, capacity: sockets.count + 1
        ) { watched in
            unsafe watched.initializeElement(
                at: 0, to: clinux_watched(descriptor, true, false))
            for (position, socket) in sockets.enumerated() {
                unsafe watched.initializeElement(
                    at: position + 1,
                    to: clinux_watched(
                        socket.descriptor, socket.isReceiving, socket.isSending))
            }
            let ready = unsafe clinux_wait(watched.baseAddress, watched.count, nanoseconds)
            guard ready > 0 else { return false }
            let isCounted = unsafe watched[0].found != 0
            if isCounted { clinux_take_events(descriptor) }
            return ready > (isCounted ? 1 : 0)
        }
    }
}
