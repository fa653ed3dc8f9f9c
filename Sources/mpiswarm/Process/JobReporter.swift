import MPITransport
import Node
import Swarm
import Vocabulary

/// Prints what a tracker reports to the users of one kind of job.
protocol JobReporter {
    mutating func warn(_ warning: TrackerWarning)

    /// The progress of the job, for the line that answers a signal.
    mutating func interruptedWords(_ peers: [PeerRow]) -> String

    /// Is called in each turn of the tracker.
    mutating func follow(_ node: inout TrackerNode<MPIEndpoint>, now: Tick)

    /// Prints the result and returns the exit status.
    mutating func report(_ tracker: borrowing Tracker) -> Int32
}

extension JobReporter {
    mutating func follow(_ node: inout TrackerNode<MPIEndpoint>, now: Tick) {}
}
