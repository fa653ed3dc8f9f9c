package import Vocabulary

/// A machine over a transport, as the thread that owns it sees it: stepped again and again until
/// it is over.
package protocol SteppedNode: ~Copyable {
    /// Handles all events. Returns false if there were none.
    mutating func step(now: Tick) -> Bool

    /// Whether an answer may come at any moment, so that a long wait would cost time.
    var isExpecting: Bool { get }

    var isOver: Bool { get }

    /// Counts a nap of the thread.
    mutating func noteNap()
}
