package import Vocabulary

/// One thing that will happen: 24 bytes, because millions of them wait at once.
///
/// Rows are ordered by (time, order); an order is given out once, so that no two are equal and
/// what was submitted first happens first.
package struct EventRow: BitwiseCopyable, Sendable {
    let nanoseconds: UInt64
    /// The number of the submission above, the kind in the lowest byte: comparing costs the same.
    let order: UInt64
    /// Whom or what it is about: a slot, a flow, an endpoint, a peer.
    package let subject: UInt32
    /// Tells an event that still holds from one that a later decision made stale.
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
