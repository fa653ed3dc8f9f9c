package import Vocabulary

/// The numbers that a tracker goes by.
package struct TrackerRules: Sendable {
    /// This tracker's own.
    package var rank = Rank.first
    /// The peers of the whole job, one after the other.
    package var firstPeer: Rank
    package var peerCount: Int
    /// The peers that begin at this tracker, all of them where it is the only one. Others may come
    /// when theirs is lost.
    package var group: [Rank]
    /// Nil unless it has taken over. It keeps no rooms then: which ranks share a disk, the first
    /// tracker alone knew.
    package var inheritance: Inheritance?
    /// How long it waits for others to join when it has taken over and none does.
    package var forsakenLeases = 4
    /// How it takes part among several; nil for the only one.
    package var overlay: OverlayRules?
    /// At least three times what peers take as their interval between proofs of life.
    package var lease = Duration.seconds(10)
    /// How long the first bad input waits for others, so that the lowest rank's is the one told.
    package var refusalPatience = Duration.seconds(1)
    /// Whether all lists have to be in before anybody begins, so that an unknown name is known to
    /// be unknown. Otherwise peers come and go, and whoever is in begins.
    package var isBatch = true
    /// Whether a job ends before it begins where owners disagree about a file.
    package var demandsAgreement = false
    /// Whether the job goes on though nobody wants anything or is there, until somebody ends it.
    package var staysOpen = false
    /// Whether peers look at folders first, so that what is not known yet may still be announced.
    package var awaitsLooks = false
    /// Up to so many members everybody is told of everybody.
    package var meshMax = 64
    /// Neighbours that are handed out beyond that.
    package var degree = 20
    package var seed: UInt64 = 1
    /// What one peer may list, and report: each entry listed costs the tracker about 200 bytes and
    /// its manifest. More are ignored, and counted as violations.
    package var entriesPerPeerMax = 1 << 20
    /// Peers that were silent while the job was planned, so that they have no orders. The job does
    /// without them, and they hear that there is no order for them when they speak.
    package var unordered: [Rank] = []
    /// The peers of each host that write copies to disks that they may share: they say what each
    /// of their contents needs, and wait until it is known who has room.
    package var roomGroups: [[Rank]] = []
    /// How many contents each of those measures.
    package var roomContentCount = 0
    /// Stalled peers whose missing pieces differ, or who have a seed that none of them can use, are
    /// given up after so many leases.
    package var patientLeases = 3

    package init(firstPeer: Rank, peerCount: Int) {
        precondition(peerCount >= 0, "a group has no negative number of peers")
        self.firstPeer = firstPeer
        self.peerCount = peerCount
        group = (0..<peerCount).map { Rank(firstPeer.raw + Int32($0)) }
    }

    func contains(_ rank: Rank) -> Bool {
        (firstPeer.raw..<firstPeer.raw + Int32(peerCount)).contains(rank.raw)
    }
}
