/// One direction of a node's link. Its level is the rate of a flow through it that is limited by
/// nothing else: the sum over its flows of min(level, the level at the flow's other end) is the
/// capacity. The level is infinite while the other ends leave some of the capacity unused.
struct LinkConstraint: BitwiseCopyable {
    /// Bytes per nanosecond; infinite for no limit.
    var capacity: Double
    var level = Double.infinity
    /// The sum of its flows' rates.
    var load = 0.0
    var first: Int32 = -1
    var count: Int32 = 0
    var isDirty = false
}
