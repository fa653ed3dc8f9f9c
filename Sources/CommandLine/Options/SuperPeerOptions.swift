/// How many trackers a job has, who knows whom among them, and whose peers are whose.
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
                "Have so many ranks track, each for a group of peers."),
            .value(
                "topology", "TOPOLOGY", .file, into: \.superPeers.topology,
                "Let these trackers know each other: full, line, ring, or a FILE with two on "
                    + "each line."),
            .value(
                "ttl", "N", .number(1...1000), into: \.superPeers.timeToLive,
                default: "enough for all", "Let a query go so many hops from tracker to tracker."),
            .value(
                "query-deadline", "DURATION", .duration, into: \.superPeers.queryDeadline,
                "Wait so long for trackers that do not answer."),
            .value(
                "groups", "HOW", .choice(of: SuperPeerOptions.Groups.self),
                into: \.superPeers.groups,
                "Group peers by their ranks, or with a tracker of their node."),
            .value(
                "super-peer", "LIST", .ranks, into: \.superPeers.superPeers,
                default: "as --groups says", "Name the tracker of each peer, as in 0,0,1."),
        ]
    }
}
