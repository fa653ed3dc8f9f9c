package import Vocabulary

/// One event to come: 24 bytes, because millions of them wait at once.
///
/// Rows are ordered by (time, order). Each order is given out once, so that no two rows are equal,
/// and events of one time happen in the order of their submission.
package struct EventRow: BitwiseCopyable, Sendable {
    let nanoseconds: UInt64
    /// The submission's number in the upper bits, and the kind in the lowest byte, which makes
    /// comparing no slower.
    let order: UInt64
    /// The slot, flow, endpoint, peer or step that the event is about.
    package let subject: UInt32
    /// Distinguishes a valid event from one that a later decision made stale.
    package let generation: UInt32

    package var time: Tick { Tick(nanoseconds: nanoseconds) }

    package var kind: EventKind {
        guard let kind = EventKind(rawValue: UInt8(truncatingIfNeeded: order)) else {
            preconditionFailure("an event of no kind")
        }
        return kind
    }

    @inline(__always)
    func precedes(_ other: EventRow) -> Bool {
        nanoseconds != other.nanoseconds
            ? nanoseconds < other.nanoseconds : order < other.order
    }
}
