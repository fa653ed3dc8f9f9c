import Vocabulary
import Wire

/// A rank that has, or may get, pieces of one content.
struct SourceRow: Sendable {
    let rank: Rank
    /// Held everything when it was met: seeds are not counted piece by piece.
    let isSeed: Bool
    var stance: Stance
    /// The tracker named it as a seed, and it has not answered yet. Its turns are kept for it, for
    /// a while.
    var isAwaited = false
    /// It said what it holds, to the last piece.
    var hasSaid = false
    /// Pieces that it holds and we lack.
    var useful = 0
    /// Whether it was told that we are interested.
    var isTold = false
    var outstanding = 0
    /// Pieces asked of it so far: whose turn it is.
    var asked = 0
    /// Asked in vain: passed over until then, or until it answers.
    var snubbedUntil = Tick.zero
    /// Times it was asked in vain since it last answered. After a few it counts as gone, until
    /// it speaks or the tracker names it again: whoever only waits for the dead never finds out
    /// that what they held is lost.
    var silences = 0
    /// The tracker named it as a member when it last told of the swarm.
    var isNamed = false
    /// The tracker named it before and does not any more: it has left, or its lease ran out. It
    /// counts as gone, until it speaks or is named again.
    private(set) var hasVanished = false
    /// Gave bytes that are not the content's: nothing of this content is asked of it again.
    var isDistrusted = false
    /// How many requests it may have outstanding; doubles while it starts.
    var window = SourceRow.windowMin
    /// The shortest time from a request to its acknowledgement: the network's, not the queue's.
    var latency = Duration.seconds(1)
    /// It said goodbye while something of it was still to come. Met again, it is asked again what
    /// it has.
    var hasLeft = false
    /// From an acknowledgement, or the piece before, to the piece.
    var timing = Timing()
    var lastReceipt = Tick.zero
    /// For the account.
    var piecesGiven = 0
    var bytesGiven = ByteCount.zero

    static let windowMin = 2
    static let silencesMax = 3

    init(rank: Rank, isSeed: Bool, stance: Stance) {
        self.rank = rank
        self.isSeed = isSeed
        self.stance = stance
    }

    func isAskable(now: Tick) -> Bool {
        stance == .open && mayAnswer(now: now)
    }

    /// It was not asked in vain of late, or too often, and lives as far as is known.
    func mayAnswer(now: Tick) -> Bool {
        snubbedUntil <= now && !isDistrusted && !hasVanished && silences < Self.silencesMax
    }

    /// It said something: it lives.
    mutating func spoke() { hasVanished = false }

    mutating func answered() {
        silences = 0
        spoke()
    }

    /// The tracker told of the swarm.
    mutating func told(isMember: Bool) {
        hasVanished = !isMember && (isNamed || hasVanished)
        isNamed = isMember
    }

    mutating func acknowledged(after answer: Duration) {
        snubbedUntil = .zero
        answered()
        latency = min(latency, answer)
    }

    /// A payload is whole. Returns how long it took, from the promise or from the piece before.
    mutating func received(since promisedAt: Tick, now: Tick, windowMax: Int) -> Duration {
        let time = now - max(promisedAt, lastReceipt)
        timing.note(time)
        lastReceipt = now
        snubbedUntil = .zero
        answered()
        widenWindow(atMost: windowMax)
        return time
    }

    mutating func gave(_ size: ByteCount) {
        piecesGiven += 1
        bytesGiven += size
    }

    /// It was asked in vain.
    mutating func snub(until end: Tick) {
        silences += 1
        snubbedUntil = end
        window = SourceRow.windowMin
    }

    /// A source that offers knows from what we announce that it has nothing for us just now, and
    /// hears of our interest once: otherwise two messages would go for nearly every piece of every
    /// source.
    var learnsByItself: Bool { stance == .offering && !isDistrusted }

    /// Half as much again as its rate and the way there and back call for, so that its queue
    /// never runs dry; until a second piece has come it is only known that it doubles.
    private mutating func widenWindow(atMost limit: Int) {
        guard timing.count > 1, timing.mean > .zero else {
            window = min(window * 2, limit)
            return
        }
        let onTheWay = (latency / timing.mean * 1.5).rounded(.up)
        let fitting = min(Int(min(onTheWay, Double(limit))) + 1, limit)
        window = min(max(Self.windowMin, fitting), limit)
    }
}
