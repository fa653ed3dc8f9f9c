import Launch
import MPITransport
import Node
import Vocabulary

/// Lets one of the two threads of a peer rest. If all messages come over sockets, one of the
/// threads waits for these and wakes the other one; otherwise each looks for messages after longer
/// and longer pauses. The bell of the thread ends any rest.
struct ThreadWaiting: ~Copyable {
    private let bells: PeerBells
    private let own: ThreadBell
    private let other: ThreadBell
    private let clock: ProcessClock
    private var backoff = Backoff()
    private var sockets: [SocketWatch] = []
    /// Whether the other thread has to be woken: when one thread looks, the library takes the
    /// messages for both.
    private var hasToWakeOther = false
    /// The number of rests in a row that a socket ended, and after which there was no event.
    private var vainCount = 0

    /// The number of such rests after which the sockets are ignored until the next event. A socket
    /// is often ready before a large payload is complete; this is several times as often.
    private static let vainMax = 1000
    /// The time to wait for more of a payload after an event, which doubles with each rest in vain.
    /// A link of 10 Gbit/s delivers 312 KB in this time, which the buffers of a socket hold; where
    /// several rests are in vain, pieces take longer, and a rest more costs only processor time.
    private static let gathering = Duration.microseconds(250)
    private static let doublingsMax = 2
    /// If a rest ended sooner than this, bytes were waiting already.
    private static let shortestWait = Duration.microseconds(20)

    init(_ bells: PeerBells, own: ThreadBell, other: ThreadBell, by clock: ProcessClock) {
        self.bells = bells
        self.own = own
        self.other = other
        self.clock = clock
    }

    /// To be called after each step. Rests, unless there was something to do. Returns whether it
    /// has rested.
    mutating func stepEnded(wasBusy: Bool, longest: Duration) -> Bool {
        if wasBusy || hasToWakeOther { other.ring() }
        hasToWakeOther = false
        guard !wasBusy else {
            backoff.reset()
            vainCount = 0
            return false
        }
        guard vainCount < Self.vainMax, MPISockets.list(into: &sockets) else {
            guard let wait = backoff.next(atMost: longest) else { return false }
            _ = own.rest(atMost: wait)
            return true
        }
        guard bells.takeWatch() else {
            _ = own.rest(atMost: longest)
            return true
        }
        watch(longest)
        bells.giveWatch()
        return true
    }

    private mutating func watch(_ longest: Duration) {
        let start = clock.now
        guard own.rest(atMost: longest, watching: sockets) == .socket else { return }
        vainCount += 1
        hasToWakeOther = true
        guard clock.now - start > Self.shortestWait else { return }
        _ = own.rest(atMost: Self.gathering * (1 << min(vainCount - 1, Self.doublingsMax)))
    }
}
