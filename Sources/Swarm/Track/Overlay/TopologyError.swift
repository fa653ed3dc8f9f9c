package import Vocabulary

/// The reason why a text is no topology. Lines count from 1.
package enum TopologyError: Error, Equatable, Sendable {
    /// The line is not two numbers with space between them.
    case notAnEdge(line: Int)
    case unknownTracker(line: Int, number: Int)
    case selfLoop(line: Int, number: Int)
    /// No path leads there from tracker 0.
    case unreachable(Rank)
}
