/// The number of trackers of a job, the graph of those that know each other, and the tracker of
/// each peer.
package struct SuperPeerOptions: Hashable, Sendable {
    package enum Groups: String, CaseIterable, Sendable {
        case contiguous
        case node
    }

    package var trackers = 1
    /// `full`, `line`, `ring` or the path of a file.
    package var topology = "full"
    package var timeToLive: Int?
    package var queryDeadline = Duration.seconds(5)
    package var groups = Groups.contiguous
    package var superPeers: RankList?

    package init() {}
}

/// A command whose job may have several trackers.
package protocol SuperPeerCommand: CommandOptions {
    var superPeers: SuperPeerOptions { get set }
}

extension SuperPeerCommand {
    package static var superPeerOptions: [Option<Self>] {
        [
            .value(
                "trackers", "N", .number(1...1000), into: \.superPeers.trackers,
                "Number of ranks that track who has what."),
            .value(
                "topology", "full|line|ring|FILE", .file, into: \.superPeers.topology,
                "Links between trackers; FILE lists the pairs."),
            .value(
                "ttl", "N", .number(1...1000), into: \.superPeers.timeToLive,
                default: "no limit", "Maximum hops of a query."),
            .value(
                "query-deadline", "DURATION", .duration, into: \.superPeers.queryDeadline,
                "Time limit for trackers to answer a query."),
            .value(
                "groups", "HOW", .choice(of: SuperPeerOptions.Groups.self),
                into: \.superPeers.groups,
                "Assign peers to trackers by rank or node."),
            .value(
                "super-peer", "LIST", .rankSequence, into: \.superPeers.superPeers,
                default: "by --groups", "Tracker number of each peer: 0,0,1."),
        ]
    }
}
