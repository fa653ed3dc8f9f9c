package import Vocabulary

/// The settings of one tracker.
package struct TrackerRules: Sendable {
    /// The rank of this tracker.
    package var rank = Rank.first
    /// The peers of the whole job are `peerCount` consecutive ranks.
    package var firstPeer: Rank
    package var peerCount: Int
    /// The peers that begin at this tracker; all peers if it is the only one. Other peers may join
    /// it when they lose their own tracker.
    package var group: [Rank]
    /// Set when this tracker has taken over as an heir. It then grants no room: only the first
    /// tracker knew which ranks share a disk.
    package var inheritance: Inheritance?
    /// The number of leases that an heir waits for other ranks to join before it continues alone.
    package var forsakenLeases = 4
    /// The settings for the overlay of all trackers. That of a single tracker has no neighbours.
    package var overlay = OverlayRules.alone
    /// The lease: at least three times the interval at which peers prove that they are alive.
    package var lease = Duration.seconds(10)
    /// The time that the first report of bad input waits for others, so that the message to the
    /// user names the lowest rank with bad input.
    package var refusalPatience = Duration.seconds(1)
    package var kind = JobKind.batch()
    /// Up to this number of members, every member of a swarm gets a list of all others.
    package var meshMax = 64
    /// The number of neighbours that each member gets in larger swarms.
    package var degree = 20
    package var seed: UInt64 = 1
    /// The number of entries that one peer may list, and report: each listed entry costs the
    /// tracker about 200 bytes and its manifest. Entries beyond it are ignored, and counted as
    /// violations.
    package var entriesPerPeerMax = 1 << 20
    /// Peers that were silent while a staged job was planned, and so have no orders. The job
    /// continues without them; when one of them sends a message, it gets an empty order.
    package var unordered: [Rank] = []
    /// The ranks among them that sent proofs of life, but no answer.
    package var unresponsive: [Rank] = []
    /// The peers of each host that write copies to disks which they may share. They report how much
    /// room each of their contents needs, and wait until the tracker grants it.
    package var roomGroups: [[Rank]] = []
    /// The number of contents that each of those peers measures.
    package var roomContentCount = 0
    /// The contents that are collected from their ranks.
    package var collected: [CollectedContent] = []
    package var removal = SourceRemovalRule.never
    /// The number of leases after which stalled peers are given up although they lack different
    /// pieces, or know a seed that none of them can use.
    package var patientLeases = 3

    package init(firstPeer: Rank, peerCount: Int) {
        precondition(peerCount >= 0, "a group has no negative number of peers")
        self.firstPeer = firstPeer
        self.peerCount = peerCount
        group = (0..<peerCount).map { Rank(firstPeer.raw + Int32($0)) }
    }

    /// The warning about the loss of a rank.
    func warning(ofLost rank: Rank, isDead: Bool) -> TrackerWarning {
        isDead ? .died(rank) : unresponsive.contains(rank) ? .unresponsive(rank) : .lost(rank)
    }

    /// Whether there is no other tracker, so that this one knows all answers.
    package var isAlone: Bool { overlay.isAlone }

    func contains(_ rank: Rank) -> Bool {
        (firstPeer.raw..<firstPeer.raw + Int32(peerCount)).contains(rank.raw)
    }
}
