import Launch
import MPITransport
import Node
import Vocabulary

/// The rests of one of the two threads of a peer. Where all messages come over sockets, one of the
/// threads waits for these and wakes the other one; otherwise each looks for messages after longer
/// and longer pauses. The bell of the thread ends any rest.
struct ThreadWaiting: ~Copyable {
    private let bells: PeerBells
    private let own: ThreadBell
    private let other: ThreadBell
    private let clock: ProcessClock
    private var backoff = Backoff()
    private var sockets: [SocketWatch] = []
    /// The library takes what has come for both threads when either one looks.
    private var hasToWakeOther = false
    /// The number of rests without an event after them that a socket ended.
    private var vainCount = 0

    /// A socket has much to say before a large payload has come; this is several times as often.
    /// One with more to say than that is not believed before the next event.
    private static let vainMax = 1000
    /// The time in which more of a payload comes; with a link of 10 Gbit/s these are 375 KB, which
    /// the buffers of a socket hold.
    private static let gathering = Duration.microseconds(300)
    /// Where a rest ended sooner, bytes were waiting already.
    private static let shortestWait = Duration.microseconds(20)

    init(_ bells: PeerBells, own: ThreadBell, other: ThreadBell, by clock: ProcessClock) {
        self.bells = bells
        self.own = own
        self.other = other
        self.clock = clock
    }

    /// To be called after each step. Rests, unless there was something to do.
    mutating func stepEnded(wasBusy: Bool, longest: Duration) {
        if wasBusy || hasToWakeOther { other.ring() }
        hasToWakeOther = false
        guard !wasBusy else {
            backoff.reset()
            vainCount = 0
            return
        }
        guard vainCount < Self.vainMax, MPISockets.list(into: &sockets) else {
            if let wait = backoff.next(atMost: longest) { _ = own.rest(atMost: wait) }
            return
        }
        guard bells.takeWatch() else {
            _ = own.rest(atMost: longest)
            return
        }
        watch(longest)
        bells.giveWatch()
    }

    private mutating func watch(_ longest: Duration) {
        let start = clock.now
        guard own.rest(atMost: longest, watching: sockets) == .socket else { return }
        vainCount += 1
        hasToWakeOther = true
        if clock.now - start > Self.shortestWait { _ = own.rest(atMost: Self.gathering) }
    }
}
