import Vocabulary
import Wire

/// A rank that has, or may get, pieces of one content.
struct SourceRow: Sendable {
    enum Trust: Sendable {
        case full
        /// It sent a piece that contradicts the publisher's table, which was requested again.
        case contradicting
        /// It sent wrong bytes before it was a seed. Wrong pieces that no rank could confirm may
        /// have come to an honest rank, which passed them on: it is trusted again when its copy is
        /// proven.
        case suspended
        /// It sent wrong bytes, and is asked for nothing of this content any more.
        case lost
    }

    let rank: Rank
    /// Whether the source held everything when it was met: seeds do not count towards the rarity of
    /// pieces.
    let isSeed: Bool
    var stance: Stance
    /// Whether the tracker named the source as a seed, and it has not answered yet. For a while,
    /// its turns are kept for it.
    var isAwaited = false
    /// Whether the source has reported all of its pieces.
    var hasSaid = false
    /// The number of the source's pieces that are missing here.
    var useful = 0
    /// Whether the source knows that this rank is interested.
    var isTold = false
    var outstanding = 0
    /// The number of pieces requested from the source, which decides turns.
    var asked = 0
    /// The time until which the source is passed over, unless it answers before: it failed to
    /// answer.
    var snubbedUntil = Tick.zero
    /// The number of requests without an answer since its last one. After a few it counts as gone,
    /// until it sends something or the tracker names it again: a rank that waited only for the dead
    /// would never find out that their pieces are lost.
    var silences = 0
    /// Whether the tracker named the source as a member in its last answer.
    var isNamed = false
    /// Whether the tracker named the source before, and no longer does: it has left, or its lease
    /// ran out. It counts as gone until it sends something or is named again.
    private(set) var hasVanished = false
    var trust = Trust.full
    /// The number of requests that it may have outstanding; doubles at the start.
    var window = SourceRow.windowMin
    /// The shortest time from a request to its acknowledgement: the latency of the network, without
    /// the queue.
    var latency = Duration.seconds(1)
    /// Whether the source left while one of its payloads was under way. When met again, it is asked
    /// for its pieces again.
    var hasLeft = false
    /// The time from an acknowledgement, or from the piece before, to the piece.
    var timing = Timing()
    var lastReceipt = Tick.zero
    /// The number of pieces that the source has given, for the report.
    var piecesGiven = 0
    var bytesGiven = ByteCount.zero

    static let windowMin = 2
    static let silencesMax = 3

    init(rank: Rank, isSeed: Bool, stance: Stance) {
        self.rank = rank
        self.isSeed = isSeed
        self.stance = stance
    }

    var isDistrusted: Bool { trust != .full }

    /// Whether it is asked for nothing, and not only until the publisher's table is here again.
    var isGivenUp: Bool { trust != .full && trust != .contradicting }

    /// Whether it accepts requests. A comparison by `==` would be a call through the stance's raw
    /// value, for every source at nearly every event.
    var isOpen: Bool {
        switch stance {
        case .open: true
        case .choked, .offering: false
        }
    }

    func isAskable(now: Tick) -> Bool {
        isOpen && mayAnswer(now: now)
    }

    /// Whether the source has answered recently and is not known to be gone.
    func mayAnswer(now: Tick) -> Bool {
        snubbedUntil <= now && !isDistrusted && !hasVanished && silences < Self.silencesMax
    }

    /// Notes a message, which shows that the source lives.
    mutating func spoke() { hasVanished = false }

    mutating func answered() {
        silences = 0
        spoke()
    }

    /// Notes whether the tracker's answer names the source as a member.
    mutating func told(isMember: Bool) {
        hasVanished = !isMember && (isNamed || hasVanished)
        isNamed = isMember
    }

    mutating func acknowledged(after answer: Duration) {
        snubbedUntil = .zero
        answered()
        latency = min(latency, answer)
    }

    /// Notes a complete payload. Returns the time that it took, from the promise or from the piece
    /// before.
    mutating func received(since promisedAt: Tick, now: Tick, windowMax: Int) -> Duration {
        let time = now - max(promisedAt, lastReceipt)
        timing.note(time)
        lastReceipt = now
        snubbedUntil = .zero
        answered()
        widenWindow(atMost: windowMax)
        return time
    }

    /// Labels keep nothing else waiting in the queue of their source, so the window just doubles.
    mutating func gaveLabel(windowMax: Int) { window = min(window * 2, windowMax) }

    mutating func gave(_ size: ByteCount) {
        piecesGiven += 1
        bytesGiven += size
    }

    /// Passes over the source, which failed to answer in time.
    mutating func snub(until end: Tick) {
        silences += 1
        snubbedUntil = end
        window = SourceRow.windowMin
    }

    /// A source that makes offers sees from the announcements of this rank when it has nothing more
    /// to give, so it gets only one message of interest. Otherwise there would be two for nearly
    /// every piece of every source.
    var learnsByItself: Bool { stance == .offering && !isDistrusted }

    /// Sets the window to 1.5 times the bandwidth-delay product, so that the source's queue never
    /// runs dry. Before the second piece the window just doubles.
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
