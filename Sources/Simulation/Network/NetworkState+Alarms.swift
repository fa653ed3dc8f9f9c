import Vocabulary

/// The wake-ups that nodes ask for. Invariant: at most one alarm of an endpoint in the queue is
/// valid, and it is never later than the node asked for.
extension NetworkState {
    /// A node that keeps asking for an immediate wake-up must not stop the clock. A real thread
    /// that has nothing else to do looks about this often.
    private static let shortestWait = Duration.microseconds(100)

    /// A wake-up that is later than the one in the queue needs no event: the node asks again then.
    mutating func setAlarm(_ endpoint: UInt32, at time: Tick) {
        let place = Int(endpoint)
        guard time.nanoseconds < endpoints[place].alarm else { return }
        var due = time
        if time <= now {
            counts.hurriedAlarms += 1
            due = now + Self.shortestWait
            guard due.nanoseconds < endpoints[place].alarm else { return }
        }
        endpoints[place].alarm = due.nanoseconds
        endpoints[place].alarmGeneration &+= 1
        queue.schedule(
            .alarm, endpoint, generation: endpoints[place].alarmGeneration, at: due)
    }

    mutating func alarmRang(_ endpoint: UInt32, generation: UInt32) {
        guard endpoints[Int(endpoint)].alarmGeneration == generation else { return }
        endpoints[Int(endpoint)].alarm = .max
        markReady(endpoint)
    }

    /// Schedules the next wake-up after a step, or another step where the disk has a report.
    @inline(__always)
    mutating func stepped(_ endpoint: UInt32, alarm: Tick) {
        setAlarm(endpoint, at: alarm)
        if endpoints[Int(endpoint)].diskPending > 0 { markReady(endpoint) }
    }

    func mayStep(_ endpoint: UInt32) -> Bool {
        endpoints[Int(endpoint)].isOpen && !endpoints[Int(endpoint)].isPaused
    }
}
