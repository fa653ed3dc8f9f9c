package import Vocabulary

/// The policy by which an uploader chooses receivers and pieces; the raw values are for users.
package enum Serving: String, Sendable, CaseIterable {
    /// Every neighbour may ask, and gets what it asked for.
    case onRequest = "on-request"
    /// Every neighbour is served, and the uploader decides after each piece which one gets which
    /// piece next.
    case cooperative
    /// The neighbours that gave most may ask, and one more in turn.
    case titForTat = "tit-for-tat"
}

/// The settings of an uploader.
package struct UploaderRules: Sendable {
    package var tracker: Rank
    /// All trackers of the job, where there are several: any of them may end it.
    package var trackers: [Rank] = []
    /// Ranks that may take over from the trackers. Only an heir that is no higher than this rank
    /// may end the job.
    package var heirs: [Rank] = []
    package var seed: UInt64 = 1
    package var serving = Serving.onRequest
    /// Sends under way at once, without the slow ones.
    package var sendsActiveMax = 1
    /// Sends at less than half of this rank's rate do not count as active, but their number is
    /// limited too.
    package var slowSendsMax = 4
    /// This rank's rate is unknown until a send has ended. Until then a send counts as slow after
    /// this time, or at fewer than `firstRateMin` bytes per second, or when it takes far longer
    /// than pieces take to come here.
    package var firstSendPatience = Duration.milliseconds(250)
    package var firstRateMin = 4 << 20
    /// A send that takes longer counts as stuck, because the death of a receiver may go unreported.
    /// The limit is eight times what a send usually takes, where that is longer.
    package var sendPatienceMax = Duration.seconds(60)
    /// What a send usually takes, in bytes per second, until one has ended.
    package var rateMin = 64 << 10
    /// Neighbours that are unchoked for what they gave.
    package var preferredMax = 4
    package var unchokingInterval = Duration.seconds(10)
    package var optimisticUnchokingInterval = Duration.seconds(10)
    /// Whether the optimistic neighbour keeps its place while no other one waits for it.
    package var optimisticStays = false
    /// Whether an uploader that owns everything it serves offers its least-served pieces to
    /// unchoked neighbours, instead of letting them choose.
    package var offersWhatItOwns = false
    /// The bytes of the last sends that this rank surely has in memory: it can send these pieces
    /// again without reading them again.
    package var recentByteCountMax = 0
    /// Pieces that one offer names.
    package var piecesPerOffer = 4
    /// Requests of one neighbour that wait.
    package var requestsPerLinkMax = 64
    /// An offer without an answer lapses after twice the time of the slowest answers (two means and
    /// eight deviations), within these limits.
    package var offerPatienceMin = Duration.milliseconds(50)
    package var offerPatienceMax = Duration.seconds(1)
    /// A neighbour that let an offer lapse gets no other one for this time.
    package var lapseRest = Duration.seconds(2)
    /// The number of pieces at which announcements that were held back are sent.
    package var untoldMax = 4
    /// Without a tracker that reports the end of the job, the uploader ends when no rank has asked
    /// for anything for this time. A rank that lacks pieces may be waiting for something else
    /// first.
    package var lingerPatience = Duration.seconds(20)
    /// The same where no known neighbour lacks anything. One that has all pieces may still ask for
    /// digests, and does so every other second.
    package var lingerMin = Duration.seconds(6)
    /// Ranks that introduce themselves to this one at the start. Where the job ends before their
    /// messages arrive, the uploader waits for these, so that both ends record the connection.
    package var greeters: [Rank] = []
    /// Whether events are reported to an observer.
    package var tellsHappenings = false
    /// Whether the downloader of this rank learns what the thread of the uploader has done.
    package var countsWork = false

    package init(tracker: Rank) { self.tracker = tracker }
}
