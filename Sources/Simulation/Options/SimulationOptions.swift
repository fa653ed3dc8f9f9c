package import Swarm
import Vocabulary

/// The settings of a simulated job: `sources` peers own one content, and `peers` others want it.
package struct SimulationOptions: Sendable {
    package var kind = JobKind.batch()
    /// Used only in staged jobs.
    package var staged = StagedOptions()
    /// Nil unless the staged job collects: then peers and sources have a content each.
    package var collected: CollectedOptions?
    /// Used only in standing jobs.
    package var standing = StandingOptions()
    package var peers = 15
    package var sources = 1
    /// Files of the same size, all of which each peer wants. More than one, with short manifests,
    /// only in batch jobs.
    package var files = 1
    /// Pieces of each file.
    package var pieces = 400
    package var pieceLength = 256 << 10
    package var lastPieceShorterBy = 0
    /// False for pieces that are labels, whose lengths mean nothing.
    package var carriesBytes = true
    /// Whether the manifest is too long for a message, and so is a content that peers fetch first.
    /// Used only in batch jobs.
    package var hasLongManifest = false
    /// Bytes per second; infinite for no limit.
    package var peerUp = 12.5e6
    package var peerDown = Double.infinity
    package var sourceUp = 12.5e6
    package var sourceDown = Double.infinity
    package var latency = Latency()
    package var disk = DiskModel()
    /// The share of the peers whose links are slower, and the factor by which they are.
    package var slowShare = 0.0
    package var slowFactor = 10.0
    /// Peers that join per second; infinite where all are there from the start.
    package var joinRate = Double.infinity
    package var serving = Serving.cooperative
    package var picker = PickerChoice.rarestFirst
    package var offersWhatItOwns = false
    package var sendsActiveMax = 1
    package var preferredMax = 4
    package var unchokingInterval = Duration.seconds(10)
    package var piecePatienceMin = Duration.seconds(2)
    package var hasEndgame = true
    /// The number of neighbours that the tracker assigns in swarms too large for a full mesh.
    package var degree = 20
    package var seed: UInt64 = 1
    /// Virtual time after which the run is given up.
    package var limit = Duration.seconds(24 * 3600)
    /// Checks every machine after each of its steps: for small runs.
    package var checksInvariants = false
    /// From this number of ranks on, links are shared less exactly: see `FairLinks`.
    package var coarseLinksFrom = 500
    package var coarseTolerance = 0.01
    package var coarseUpdatesMax = 64
    package var faults = Faults()
    /// Whether the ranks that watch over the others report deaths, as they do wherever ranks can
    /// connect to each other. Otherwise a death is a silence.
    package var reportsDeaths = false
    /// Trackers are the first ranks, then come sources, then peers.
    package var trackers = 1
    /// The time at which all trackers are killed. The other ranks then have to end by themselves.
    package var trackersDieAt: Duration?
    /// Nil where every tracker knows every other.
    package var topology: Topology?
    package var timeToLive: Int?
    /// Whether peers report their progress over time, and which rank sent how much to which.
    package var keepsTimeline = false

    package init() {}

    package var rankCount: Int { trackers + sources + peers }
    /// The first rank that wants something: a content, or that its own content is collected.
    package var firstReceiver: Int { collected == nil ? sourceRanks.upperBound : trackers }
    var sourceRanks: Range<Int> { trackers..<trackers + sources }
    /// The ranks that track a staged job are peers too.
    var peerRanks: Range<Int> { firstPeer..<rankCount }

    private var firstPeer: Int { kind == .staged ? 0 : trackers }

    func isSource(_ rank: Int) -> Bool { sourceRanks.contains(rank) }

    /// Consecutive ranks form a group.
    var grouping: Grouping {
        Grouping(
            trackerCount: trackers, firstPeer: Rank(Int32(firstPeer)), peerCount: peerRanks.count)
    }

    var overlay: OverlayRules {
        OverlayRules(topology: topology ?? .full(trackers), timeToLive: timeToLive)
    }
    /// The bytes that each peer wants.
    package var wantedByteCount: Double { Double(files) * byteCount }

    /// The bytes of a file.
    package var byteCount: Double {
        carriesBytes ? Double(pieces) * Double(pieceLength) - Double(lastPieceShorterBy) : 0
    }

    /// Nil where no content can have such pieces.
    var geometry: Geometry? {
        guard carriesBytes else { return Geometry(labels: pieces) }
        let total = Int64(pieces) * Int64(pieceLength) - Int64(lastPieceShorterBy)
        return Geometry(total: ByteCount(total), pieceLength: ByteCount(Int64(pieceLength)))
    }
}
