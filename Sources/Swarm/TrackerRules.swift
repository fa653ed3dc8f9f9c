package import Vocabulary

/// The numbers that a tracker goes by.
package struct TrackerRules: Sendable {
    package var firstPeer: Rank
    package var peerCount: Int
    /// At least three times what peers take as their interval between proofs of life.
    package var lease = Duration.seconds(10)
    /// How long the first bad input waits for others, so that the lowest rank's is the one told.
    package var refusalPatience = Duration.seconds(1)
    /// Stalled peers whose missing pieces differ are given up after so many leases.
    package var unequalStallLeases = 3

    package init(firstPeer: Rank, peerCount: Int) {
        precondition(peerCount >= 0, "a group has no negative number of peers")
        self.firstPeer = firstPeer
        self.peerCount = peerCount
    }

    func contains(_ rank: Rank) -> Bool {
        (firstPeer.raw..<firstPeer.raw + Int32(peerCount)).contains(rank.raw)
    }
}
