import Vocabulary

/// A neighbour as the upload thread sees it, over all contents.
struct LinkRow: Sendable {
    let rank: Rank
    var isChoked: Bool
    /// Contents of which it said that we have something it lacks.
    var interests = 0
    /// It decides itself what it gives us, and has to know what we hold.
    var offers = false
    /// What it gave us since that was last weighed.
    var received = 0
    /// Its sends under way, and its requests before that.
    var sends = 0
    var waiting = 0
    /// Of its sends under way, those that never seem to end.
    var stuckSends = 0
    var hasOffer = false
    /// Nothing is offered to it before.
    var restsUntil = Tick.zero
    /// It took less than half of what we can send.
    var isSlow = false

    /// It is likely to be dead. It stays choked until it has taken all that is on its way to it.
    var isStuck: Bool { stuckSends > 0 }

    /// It would ask, if it might.
    var isServable: Bool { interests > 0 && !isStuck }
}
