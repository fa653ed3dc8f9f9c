package import Vocabulary

/// The numbers that a downloader goes by.
package struct DownloaderRules: Sendable {
    package var tracker: Rank
    /// All of the job, where there are several: when ours falls silent, the next one is joined.
    package var trackers: [Rank] = []
    /// Ranks that may take over when all trackers are dead or silent, the lowest first; empty where
    /// none may.
    package var heirs: [Rank] = []
    package var seed: UInt64 = 1
    package var picker = PickerChoice.rarestFirst
    package var aliveInterval = Duration.seconds(2)
    /// A tracker that is silent for two of these is given up.
    package var lease = Duration.seconds(10)
    /// The most that a source's window grows to.
    package var requestsPerSourceMax = 8
    /// Every one of them may hold a lent buffer.
    package var requestsInFlightMax = 128
    /// What those buffers may hold together; two pieces are always asked for.
    package var bytesInFlightMax = Int.max
    /// A request without any answer is late after so long, a promised piece when it takes longer
    /// than its source's pieces took so far, within these bounds.
    package var answerPatience = Duration.seconds(4)
    package var piecePatienceMin = Duration.seconds(2)
    package var piecePatienceMax = Duration.seconds(60)
    /// How slow a source is thought to be before any piece has come, in bytes per second.
    package var firstRateMin: Int64 = 64 << 10
    /// What a source promised and is late with is waited for so long, if nobody says that it is
    /// gone: how slow the last holder of a piece may be. It is a long time, because who takes
    /// part in a crowded link cannot be told from who only promises.
    package var promisePatience = Duration.seconds(1800)
    /// Before any piece has come, those that offer are asked when they have offered nothing for so
    /// long.
    package var offersPatience = Duration.seconds(30)
    /// Wants that are worked on at once.
    package var transfersActiveMax = 16
    /// Neighbours that we look for; others may find us.
    package var neighboursMax = 64
    /// Up to so many members the tracker tells of all of them.
    package var meshMax = 64
    /// Pieces from one source that do not verify before nothing at all is asked of it.
    package var badPiecesMax = 2
    /// The tracker is told, and the swarm asked again, after the first and then every so many.
    package var piecesPerUpdate = 10
    /// Whether the last pieces are asked of a second source too.
    package var hasEndgame = true
    /// Whether the store looks at the end of the job whether what it finished is still there.
    package var looksAgain = false
    /// Whether the tracker hears how far we are with every proof of life.
    package var reportsProgress = false
    /// Whether a peer that has all it wanted leaves as soon as it may be missed by nobody, or
    /// serves until the job is over.
    package var leavesWhenDone = false
    /// Whether those whom the tracker calls seeds are taken to hold everything before they say so.
    package var believesSeeds = true
    /// Peers to whom a peer that owns everything introduces itself: nobody else would know of it
    /// before asking.
    package var greets: [Rank] = []
    /// Whether what happens is told to those who watch.
    package var tellsHappenings = false
    /// Whether the last report says how it went on, and who let us ask when.
    package var keepsChronicle = false

    /// Whether users give orders for as long as the job runs: nothing to do is then no end.
    package var isLive = false

    package init(tracker: Rank) { self.tracker = tracker }

    /// What every source begins with.
    var windowMin: Int { min(SourceRow.windowMin, requestsPerSourceMax) }

    var jobTrackers: [Rank] { trackers.isEmpty ? [tracker] : trackers }

    /// Heirs that are no trackers of the job.
    var spareHeirs: [Rank] { heirs.filter { !jobTrackers.contains($0) } }
}
