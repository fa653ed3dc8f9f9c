/// What a super-peer's part in the overlay came to.
package struct OverlayCounts: Equatable, Sendable {
    /// Own queries that were begun.
    package var begun = 0
    /// Query messages sent, own ones and those passed on.
    package var queriesSent = 0
    /// Queries that came a second time.
    package var repeatsDropped = 0
    /// Hit messages sent, own answers and those passed on.
    package var hitsSent = 0
    /// Hits of others passed on towards who asked.
    package var hitsRouted = 0
    /// Hits whose way back was forgotten.
    package var hitsDropped = 0
    /// Own queries that ended by their deadline.
    package var overdue = 0

    package init() {}
}
