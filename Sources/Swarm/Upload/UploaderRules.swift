package import Vocabulary

/// Whom an uploader serves, and who decides what, by the names that users give it.
package enum Serving: String, Sendable, CaseIterable {
    /// Everybody may ask, and is sent what it asked for.
    case onRequest = "on-request"
    /// Everybody is served, and the uploader decides after every piece who gets which one next.
    case cooperative
    /// Those who gave most may ask, and one more.
    case titForTat = "tit-for-tat"
}

/// The numbers that an uploader goes by.
package struct UploaderRules: Sendable {
    package var tracker: Rank
    /// All of the job, where there are several: any of them may end it.
    package var trackers: [Rank] = []
    /// Ranks that may take over from them. Only one that is no higher than ours may end the job.
    package var heirs: [Rank] = []
    package var seed: UInt64 = 1
    package var serving = Serving.onRequest
    /// Sends under way at once, slow ones apart.
    package var sendsActiveMax = 1
    /// Sends below half the own rate do not count as active, but there are only so many.
    package var slowSendsMax = 4
    /// Before any send has ended nothing is known of the own rate: one is slow after so long, or
    /// when it is slower than this many bytes per second.
    package var firstSendPatience = Duration.seconds(2)
    package var firstRateMin = 64 << 10
    /// A send that takes longer is stuck, unless eight times what a send usually takes is more:
    /// nobody says that a receiver has died.
    package var sendPatienceMax = Duration.seconds(60)
    /// Neighbours that are unchoked for what they gave.
    package var preferredMax = 4
    package var unchokingInterval = Duration.seconds(10)
    package var optimisticUnchokingInterval = Duration.seconds(10)
    /// Whether who is served in turn stays so while nobody else waits for the place.
    package var optimisticStays = false
    /// Whether an uploader that owns all it serves offers its least-served pieces to those whom
    /// it has unchoked, instead of letting them ask.
    package var offersWhatItOwns = false
    /// Pieces that one offer names.
    package var piecesPerOffer = 4
    /// Requests of one neighbour that wait.
    package var requestsPerLinkMax = 64
    /// An offer without an answer lapses after twice what the slowest answers take, eight
    /// deviations and two means, within these.
    package var offerPatienceMin = Duration.milliseconds(50)
    package var offerPatienceMax = Duration.seconds(1)
    /// Whoever let an offer lapse is offered nothing for so long.
    package var lapseRest = Duration.seconds(2)
    /// What a neighbour is not told at once waits until it is so many pieces.
    package var untoldMax = 4
    /// Where no tracker says when the job is over, it is for us when nobody has asked for anything
    /// for so long: who lacks what we have may be waiting for something else first.
    package var lingerPatience = Duration.seconds(20)
    /// The same where nobody that we know lacks anything: who has all of it may still ask what the
    /// digests are, and does so every other second.
    package var lingerMin = Duration.seconds(6)
    /// Whether what happens is told to those who watch.
    package var tellsHappenings = false

    package init(tracker: Rank) { self.tracker = tracker }
}
