package import Vocabulary

/// What an event for a flow's end means when it comes.
package enum FlowVerdict: Equatable, Sendable {
    /// The flow is another by now, or has another event.
    case stale
    /// It became slower meanwhile.
    case early(Tick)
    case ended
}
