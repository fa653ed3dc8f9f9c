import Vocabulary

/// The numbers that a super-peer goes by.
package struct OverlayRules: Sendable {
    package var topology: Topology
    /// How many hops a query goes.
    package var timeToLive: Int
    /// How long answers are waited for that do not come.
    package var queryDeadline = Duration.seconds(5)
    /// After so many such queries in a row what nobody spoke of is unknown: that is longer than a
    /// tracker is missed, and its peers are waited for.
    package var overdueMax = 8
    /// What was learned is good for so long: re-asks in between flood nothing.
    package var refreshInterval = Duration.milliseconds(2500)
    /// How long after a question the next one, or an answer on its way back, is likely. Some times
    /// what an answer takes along a line whose trackers all rest.
    package var afterglow = Duration.milliseconds(250)
    /// How many leases the peers of a lost tracker have at least to turn up at another, before they
    /// count as lost themselves: one until they notice, and one more for each that is lost.
    package var adoptionLeases = 2
    /// Queries of others of which the way back is remembered. Older ones are forgotten first.
    package var seenMax = 4096
    /// Answers of one tracker to one query that are passed on: a catalog has many pages.
    package var hitsMax = 256
    /// Own queries under way. More are not begun: who asked asks again.
    package var pendingMax = 4096
    /// Keys of which it is remembered when they were asked for. Older ones are forgotten first.
    package var askedMax = 1 << 16
    /// Peers that wait for one query. More are told when they ask again.
    package var waitersMax = 1 << 14
    /// Members in other groups that are remembered of one content.
    package var remoteMembersMax = 1 << 14
    /// Entries of the catalogs of other groups that are remembered.
    package var catalogEntriesMax = 1 << 16

    package init(topology: Topology, timeToLive: Int? = nil) {
        self.topology = topology
        self.timeToLive = timeToLive ?? max(1, topology.trackerCount)
    }

    package var trackerCount: Int { topology.trackerCount }
}
