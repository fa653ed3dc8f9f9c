package import Swarm
package import Vocabulary
package import Wire

/// A machine that needs nothing but a transport, as its node sees it.
package protocol NodeMachine {
    /// What only the owner of the node can do.
    associatedtype Order: Equatable & Sendable

    static var ending: NodeEnding { get }

    /// Whether ranks that repeat themselves without end are accused.
    static var judgesFloods: Bool { get }

    var isOver: Bool { get }

    /// A step follows, `gap` after the one before. A long gap means that the process was stopped.
    mutating func stepping(after gap: Duration)

    mutating func received(
        _ message: Message, tail: RawSpan, from source: Rank, now: Tick,
        effects: inout Effects<NetworkEffect<Order>>
    ) throws(WireError)

    mutating func timeout(now: Tick, effects: inout Effects<NetworkEffect<Order>>)

    /// The messages of this rank were not understood, or too many. `isHeard` is false if no further
    /// message of this rank is passed on.
    mutating func suffered(
        _ complaint: Complaint, of offender: Rank, isHeard: Bool, now: Tick,
        effects: inout Effects<NetworkEffect<Order>>)
}

extension NodeMachine {
    package static var ending: NodeEnding { .drained }

    package static var judgesFloods: Bool { true }

    package mutating func stepping(after gap: Duration) {}

    package mutating func suffered(
        _ complaint: Complaint, of offender: Rank, isHeard: Bool, now: Tick,
        effects: inout Effects<NetworkEffect<Order>>
    ) {}
}

/// When a node whose machine is over gives up its transport.
package enum NodeEnding: Sendable {
    /// When its last messages have left, or have had enough time.
    case drained
    /// When the network has its messages. Another machine follows on the transport, and the
    /// messages that come from now on are for that one.
    case flushed
    /// At once. Another machine follows.
    case atOnce
}
