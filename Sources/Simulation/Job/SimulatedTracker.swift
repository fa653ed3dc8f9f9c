import Node

/// A tracker's node, in an array beside others.
final class SimulatedTracker {
    var node: TrackerNode<SimulatedEndpoint>

    init(_ node: consuming TrackerNode<SimulatedEndpoint>) { self.node = node }
}
