package import Vocabulary

/// Why a text is no topology. Lines count from 1.
package enum TopologyError: Error, Equatable, Sendable {
    /// Not two numbers with space between them.
    case notAnEdge(line: Int)
    case unknownTracker(line: Int, number: Int)
    case selfLoop(line: Int, number: Int)
    /// No way leads to it from tracker 0.
    case unreachable(Rank)
}
