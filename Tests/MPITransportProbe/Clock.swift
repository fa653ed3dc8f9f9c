internal import Glibc
internal import Vocabulary

/// Real time for the probe.
enum Clock {
    static var now: Tick { read(CLOCK_MONOTONIC) }
    /// Processor time of this process, all its threads together.
    static var processorTime: Tick { read(CLOCK_PROCESS_CPUTIME_ID) }

    private static func read(_ clock: clockid_t) -> Tick {
        var time = timespec()
        _ = unsafe clock_gettime(clock, &time)
        return Tick(nanoseconds: UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec))
    }
}
