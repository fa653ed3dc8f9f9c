import Node

/// A tracker's node, in a class so that an array can hold it.
final class SimulatedTracker {
    var node: TrackerNode<SimulatedEndpoint>

    init(_ node: consuming TrackerNode<SimulatedEndpoint>) { self.node = node }
}
