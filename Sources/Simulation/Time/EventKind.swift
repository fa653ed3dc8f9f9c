/// The action of an event when its time comes.
package enum EventKind: UInt8, Sendable {
    /// A slot of the network reaches its reader.
    case delivered = 1
    /// A flow of bytes may be at its end.
    case flowEnded
    /// A node asked to be woken.
    case alarm
    /// A disk operation has completed.
    case disk
    /// A peer starts.
    case joined
    /// A user gives an order.
    case ordered
    /// The fault plan has something to do.
    case fault
    /// The others learn for certain that a rank is dead.
    case deathReported
    /// A part of an archive is unpacked.
    case unpacked
}
