/// Bytes under way from one node's uplink to another node's downlink. `remaining` is updated only
/// when the rate changes.
struct Flow: BitwiseCopyable {
    var up: Int32
    var down: Int32
    /// The flows before and behind this one in the lists of its two constraints; -1 at an end.
    var nextUp: Int32 = -1
    var previousUp: Int32 = -1
    var nextDown: Int32 = -1
    var previousDown: Int32 = -1
    /// Bytes per nanosecond.
    var rate = 0.0
    var remaining: Double
    /// The time for which `remaining` is right.
    var updated: UInt64
    /// The time of the event in the queue for the flow's end; never later than the end.
    var scheduled = UInt64.max
    var generation: UInt32
    var isTouched = false
    var isLive = true

    /// The constraint at the flow's other end.
    @inline(__always)
    func other(than constraint: Int32) -> Int { Int(up == constraint ? down : up) }

    @inline(__always)
    func next(in constraint: Int32) -> Int32 { up == constraint ? nextUp : nextDown }

    /// The nanosecond at which the last byte arrives at the present rate.
    var end: UInt64 {
        guard remaining > 0 else { return updated }
        guard rate > 0 else { return .max }
        let wait = (remaining / rate).rounded(.up)
        return wait < 9e18 ? updated + UInt64(wait) : .max
    }
}
