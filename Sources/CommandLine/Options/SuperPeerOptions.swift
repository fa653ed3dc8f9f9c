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
                "Trackers, each with a group of peers."),
            .value(
                "topology", "full|line|ring|FILE", .file, into: \.superPeers.topology,
                "Links of trackers; FILE has one pair on each line."),
            .value(
                "ttl", "N", .number(1...1000), into: \.superPeers.timeToLive,
                default: "enough for all", "Hops that a query may travel."),
            .value(
                "query-deadline", "DURATION", .duration, into: \.superPeers.queryDeadline,
                "Time that trackers have to answer a query."),
            .value(
                "groups", "HOW", .choice(of: SuperPeerOptions.Groups.self),
                into: \.superPeers.groups,
                "Group peers by rank, or by their node."),
            .value(
                "super-peer", "RANKS", .ranks, into: \.superPeers.superPeers,
                default: "by --groups", "Tracker of each peer, in order: 0,0,1."),
        ]
    }
}
