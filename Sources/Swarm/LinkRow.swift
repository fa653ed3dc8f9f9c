import Vocabulary

/// A neighbour as the upload thread sees it, over all contents.
struct LinkRow: Sendable {
    let rank: Rank
    var isChoked: Bool
    /// Contents of which it said that we have something it lacks.
    var interests = 0
    /// What it gave us since the last review.
    var received = 0
    /// Its sends under way, and its requests before that.
    var sends = 0
    var waiting = 0
    var hasOffer = false
    /// Nothing is offered to it before.
    var restsUntil = Tick.zero
    /// It took less than half of what we can send.
    var isSlow = false
}
