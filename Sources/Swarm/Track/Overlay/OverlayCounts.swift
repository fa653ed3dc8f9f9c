/// The message counts of a super-peer.
package struct OverlayCounts: Equatable, Sendable {
    /// Queries that this tracker began.
    package var begun = 0
    /// Query messages sent, including forwarded ones.
    package var queriesSent = 0
    /// Queries that arrived more than once.
    package var repeatsDropped = 0
    /// Hit messages sent, including forwarded ones.
    package var hitsSent = 0
    /// Hits of other trackers that were forwarded towards the query's origin.
    package var hitsRouted = 0
    /// Hits whose way back was forgotten.
    package var hitsDropped = 0
    /// Queries of this tracker that ended at their deadline.
    package var overdue = 0

    package init() {}
}
