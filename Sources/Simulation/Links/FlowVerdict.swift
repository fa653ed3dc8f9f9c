package import Vocabulary

/// The meaning of an event for a flow's end.
package enum FlowVerdict: Equatable, Sendable {
    /// The flow has ended and its number is used again, or it has another event.
    case stale
    /// The flow has become slower, and ends at that time.
    case early(Tick)
    case ended
}
