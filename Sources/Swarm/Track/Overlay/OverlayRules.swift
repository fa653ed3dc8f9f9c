import Vocabulary

/// The settings of a super-peer, or of a single tracker.
package struct OverlayRules: Sendable {
    package var topology: Topology
    /// The number of hops that a query travels.
    package var timeToLive: Int
    /// The time that a query waits for missing answers.
    package var queryDeadline = Duration.seconds(5)
    /// The number of queries in a row with missing answers after which a name that no tracker knows
    /// counts as unknown. They take longer than noticing the loss of a tracker and waiting for its
    /// peers.
    package var overdueMax = 8
    /// The time for which answers count as fresh: a repeated request within it floods no query.
    package var refreshInterval = Duration.milliseconds(2500)
    /// The time after a query in which further queries, or answers on their way back, are likely:
    /// several times that of an answer along a line of trackers that all sleep.
    package var afterglow = Duration.milliseconds(250)
    /// The least number of leases that the peers of a lost tracker have to join another one before
    /// they count as lost: one until they notice the loss, and one more for each lost tracker.
    package var adoptionLeases = 2
    /// The number of foreign queries whose way back is remembered. The oldest are forgotten first.
    package var seenMax = 4096
    /// The number of answers of one tracker to one query that are forwarded: a catalog has many
    /// pages.
    package var hitsMax = 256
    /// The number of a tracker's own queries. Beyond it none begins, and the peer asks again later.
    package var pendingMax = 4096
    /// The number of keys whose last query is remembered. The oldest are forgotten first.
    package var askedMax = 1 << 16
    /// The number of peers that wait for one query. Others get their answer when they ask again.
    package var waitersMax = 1 << 14
    /// The number of members of one content in other groups that are remembered.
    package var remoteMembersMax = 1 << 14
    /// The number of entries of other groups' catalogs that are remembered.
    package var catalogEntriesMax = 1 << 16

    package init(topology: Topology, timeToLive: Int? = nil) {
        self.topology = topology
        self.timeToLive = timeToLive ?? max(1, topology.trackerCount)
    }

    package var trackerCount: Int { topology.trackerCount }

    /// The settings of the only tracker, which has no neighbours.
    package static let alone = OverlayRules(topology: .full(1), timeToLive: 0)

    var isAlone: Bool { trackerCount == 1 }
}
