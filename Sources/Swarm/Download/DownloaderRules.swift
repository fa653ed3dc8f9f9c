package import Vocabulary

/// The settings of a downloader.
package struct DownloaderRules: Sendable {
    package var tracker: Rank
    /// All trackers of the job, if there are several: when this rank's tracker falls silent, it
    /// joins the next one.
    package var trackers: [Rank] = []
    /// The ranks that may take over when all trackers are dead or silent, lowest first; empty if
    /// none may.
    package var heirs: [Rank] = []
    package var kind = JobKind.batch()
    package var seed: UInt64 = 1
    package var picker = PickerChoice.rarestFirst
    package var aliveInterval = Duration.seconds(2)
    /// A tracker that is silent for one lease is given up; if no other rank can track, after two
    /// leases.
    package var lease = Duration.seconds(10)
    /// The largest window of a source that sends bytes.
    package var requestsPerSourceMax = 8
    /// That of a source of labels, each of which is as short as the request for it.
    package var labelsPerSourceMax = 64
    /// The number of requests under way, each of which may hold a lent buffer.
    package var requestsInFlightMax = 128
    /// The total size of those buffers. Two pieces may always be under way.
    package var bytesInFlightMax = Int.max
    /// A request without an answer is late after this time. A promised piece is late when it takes
    /// longer than its source's pieces so far, within the two bounds below.
    package var answerPatience = Duration.seconds(4)
    package var piecePatienceMin = Duration.seconds(2)
    package var piecePatienceMax = Duration.seconds(60)
    /// The assumed rate of a source before any piece has come, in bytes per second.
    package var firstRateMin: Int64 = 64 << 10
    /// The time to wait for a late piece that its source promised, unless the source is gone: the
    /// last holder of a piece may be slow. It is long, because a rank that sends over a crowded
    /// link looks the same as one that only promises.
    package var promisePatience = Duration.seconds(1800)
    /// The time without an offer after which, before the first piece, sources that make offers are
    /// asked directly.
    package var offersPatience = Duration.seconds(30)
    /// The number of wants that are fetched at the same time.
    package var transfersActiveMax = 16
    /// Whether the last want is begun only when all others are over. They only help it: no failure
    /// of theirs is one of this rank.
    package var lastWantWaits = false
    /// The number of neighbours that this rank looks for; more may introduce themselves.
    package var neighboursMax = 64
    /// The number of peers up to which the tracker names all members of a swarm.
    package var meshMax = 64
    /// The number of bad pieces after which a source is asked for nothing at all.
    package var badPiecesMax = 2
    /// The tracker is informed, and the swarm requested again, at the first piece and then each
    /// time that this number of pieces has come.
    package var piecesPerUpdate = 10
    /// Whether the last pieces are requested from a second source as well.
    package var hasEndgame = true
    /// Whether each proof of life comes with the progress so far.
    package var reportsProgress = false
    /// Whether ranks that the tracker names as seeds count as holders of all pieces before they
    /// answer.
    package var believesSeeds = true
    /// The peers to which a peer that owns everything introduces itself: otherwise they would learn
    /// of it only when they ask.
    package var greets: [Rank] = []
    /// Whether events are reported to an observer.
    package var tellsHappenings = false
    /// Whether the last report contains the course of the transfers, and the times at which each
    /// source unchoked this rank.
    package var keepsTimeline = false
    /// Whether the tracker learns which copies of this rank have their final names.
    package var reportsNames = false
    /// Whether the last report contains counts of the work of this rank's threads.
    package var countsWork = false

    package init(tracker: Rank) { self.tracker = tracker }

    /// The number of requests at once: the longer the pieces, the fewer.
    func requestsMax(_ geometry: Geometry?) -> Int {
        let length = max(1, Int(geometry?.pieceLength.raw ?? 1))
        return min(requestsInFlightMax, max(2, bytesInFlightMax / length))
    }

    /// The first window of each source.
    var windowMin: Int { min(SourceRow.windowMin, requestsPerSourceMax) }

    var jobTrackers: [Rank] { trackers.isEmpty ? [tracker] : trackers }

    /// The heirs that are not trackers of the job.
    var spareHeirs: [Rank] { heirs.filter { !jobTrackers.contains($0) } }
}
