import CLinux
import Glibc
import MPITransport
import Node
import Swarm
import Vocabulary

/// The clock of this process: nanoseconds since its creation.
struct ProcessClock: Sendable {
    private let origin: UInt64

    init() { origin = Self.read() }

    var now: Tick { Tick(nanoseconds: Self.read() - origin) }

    private static func read() -> UInt64 {
        var time = timespec()
        unsafe clock_gettime(CLOCK_MONOTONIC, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }
}

/// Nanoseconds since 1970.
func wallClock() -> UInt64 {
    var time = timespec()
    unsafe clock_gettime(CLOCK_REALTIME, &time)
    return UInt64(time.tv_sec) &* 1_000_000_000 &+ UInt64(time.tv_nsec)
}

/// Sleeps; a signal may end the sleep early, which is harmless.
func rest(_ wait: Duration) {
    let nanoseconds = wait.wholeNanoseconds
    var time = timespec(
        tv_sec: Int(nanoseconds / 1_000_000_000), tv_nsec: Int(nanoseconds % 1_000_000_000))
    unsafe nanosleep(&time, nil)
}

/// Rests as an idle tracker does. During a query no tracker rests long, because the query and its
/// answers travel from one tracker to the next.
func rest(
    _ backoff: inout Backoff, of tracker: borrowing TrackerNode<MPIEndpoint>,
    idling idle: Duration, now: Tick
) {
    let longest = tracker.machine.isExpecting(now: now) ? expectantRest : idle
    if let wait = backoff.next(atMost: longest) { rest(wait) }
}

/// The longest sleep of an idle thread. Two threads of each rank that wake two hundred times a
/// second cost about one hundredth of a core.
let idleRest = Duration.milliseconds(5)
/// The longest sleep during a query.
let expectantRest = Duration.milliseconds(1)
/// The time that a leaving thread waits for its last sends.
let leavePatience = Duration.seconds(2)
