package import Vocabulary
package import Wire

/// An action that a machine without a disk asks for. `Order` is what only the owner of its node can
/// do.
package enum NetworkEffect<Order: Equatable & Sendable>: Equatable, Sendable {
    case send(Message, Tail, to: Rank)
    case wake(at: Tick)
    case order(Order)
}
