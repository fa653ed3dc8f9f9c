import Vocabulary

/// The wake-ups that nodes ask for. Invariant: at most one alarm of an endpoint in the queue is
/// valid, and it is never later than the node asked for.
extension NetworkState {
    /// A node that keeps asking for an immediate wake-up must not stop the clock. A real thread
    /// that has nothing else to do looks about this often.
    private static let shortestWait = Duration.microseconds(100)

    /// A wake-up that is later than the one in the queue needs no event: the node asks again then.
    mutating func setAlarm(_ endpoint: UInt32, at time: Tick) {
        guard time.nanoseconds < endpoints.rows[Int(endpoint)].alarm else { return }
        var due = time
        if time <= now {
            record.counts.hurriedAlarms += 1
            due = now + Self.shortestWait
        }
        guard let generation = endpoints.setAlarm(endpoint, at: due.nanoseconds) else { return }
        queue.schedule(.alarm, endpoint, generation: generation, at: due)
    }

    /// Schedules the next wake-up after a step, or another step where the disk has a report.
    @inline(__always)
    mutating func stepped(_ endpoint: UInt32, alarm: Tick) {
        setAlarm(endpoint, at: alarm)
        if endpoints.hasDiskNews(endpoint) { endpoints.markReady(endpoint) }
    }
}
