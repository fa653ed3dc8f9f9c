import Node
import Vocabulary

/// A tracker's node, in a class so that an array can hold it.
final class SimulatedTracker {
    var node: TrackerNode<SimulatedEndpoint>
    /// Ranks whose deaths were reported to it since its last step.
    var dead: [Rank] = []

    init(_ node: consuming TrackerNode<SimulatedEndpoint>) { self.node = node }
}
