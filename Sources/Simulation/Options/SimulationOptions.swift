package import Swarm
import Vocabulary

/// A simulated job in numbers: `sources` peers own one content, `peers` others want it.
package struct SimulationOptions: Sendable {
    package var kind = SimulatedJobKind.batch
    /// Of use in staged jobs alone.
    package var staged = StagedOptions()
    /// Of use in standing jobs alone.
    package var standing = StandingOptions()
    package var peers = 15
    package var sources = 1
    package var pieces = 400
    package var pieceLength = 256 << 10
    package var lastPieceShorterBy = 0
    /// False for pieces that are labels: then lengths mean nothing.
    package var carriesBytes = true
    /// Bytes per second; infinite for no limit.
    package var peerUp = 12.5e6
    package var peerDown = Double.infinity
    package var sourceUp = 12.5e6
    package var sourceDown = Double.infinity
    package var latency = Latency()
    package var disk = DiskModel()
    /// The part of the peers whose links are slower, and by which factor.
    package var slowShare = 0.0
    package var slowFactor = 10.0
    /// Peers that come per second; infinite when all are there from the start.
    package var joinRate = Double.infinity
    package var leavesWhenDone = false
    package var serving = Serving.cooperative
    package var picker = PickerChoice.rarestFirst
    package var offersWhatItOwns = false
    package var sendsActiveMax = 1
    package var preferredMax = 4
    package var unchokingInterval = Duration.seconds(10)
    package var piecePatienceMin = Duration.seconds(2)
    package var hasEndgame = true
    /// Neighbours that the tracker hands out beyond a full mesh.
    package var degree = 20
    package var seed: UInt64 = 1
    /// Virtual time after which the run is given up.
    package var limit = Duration.seconds(24 * 3600)
    /// What is stepped is checked after every step: for small runs.
    package var checksInvariants = false
    /// How exactly thousands share their links: see `FairLinks`.
    package var coarseLinksFrom = 500
    package var coarseTolerance = 0.01
    package var coarseUpdatesMax = 64
    package var faults = Faults()
    /// Trackers come first, then sources, then peers.
    package var trackers = 1
    /// When all of them are killed at once; the others have to end by themselves.
    package var trackersDieAt: Duration?
    /// Nil where every tracker knows every other.
    package var topology: Topology?
    package var timeToLive: Int?
    /// Whether peers report how far they were when, and which rank sent how much to which.
    package var keepsChronicle = false

    package init() {}

    package var rankCount: Int { firstReceiver + peers }
    /// The first of those that want something.
    var firstReceiver: Int { trackers + sources }
    /// In a staged job the ranks that track are peers too.
    var peerRanks: Range<Int> { firstPeer..<rankCount }

    private var firstPeer: Int { kind == .staged ? 0 : trackers }

    func isSource(_ rank: Int) -> Bool { (trackers..<firstReceiver).contains(rank) }

    /// Groups of neighbouring ranks.
    var grouping: Grouping {
        Grouping(
            trackerCount: trackers, firstPeer: Rank(Int32(firstPeer)), peerCount: peerRanks.count)
    }

    var overlay: OverlayRules {
        OverlayRules(topology: topology ?? .full(trackers), timeToLive: timeToLive)
    }
    package var byteCount: Double {
        carriesBytes ? Double(pieces) * Double(pieceLength) - Double(lastPieceShorterBy) : 0
    }

    /// Nil when a content cannot be cut like that.
    var geometry: Geometry? {
        guard carriesBytes else { return Geometry(labels: pieces) }
        let total = Int64(pieces) * Int64(pieceLength) - Int64(lastPieceShorterBy)
        return Geometry(total: ByteCount(total), pieceLength: ByteCount(Int64(pieceLength)))
    }

    /// Whether the tracker waits for all lists before anybody begins, faults apart.
    var isBatch: Bool {
        kind == .staged || kind == .batch && joinRate == .infinity && !leavesWhenDone
    }
}
