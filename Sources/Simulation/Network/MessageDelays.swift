import Vocabulary

/// The times that messages take on their way.
///
/// Invariant: two messages of one sender to one rank on one tag never overtake each other.
struct MessageDelays {
    var latency: Latency
    private let seed: UInt64
    private let rankCount: Int
    private var chance: Chance
    /// The latest arrival so far by (source, destination, tag); empty without jitter.
    private var lastArrival: [UInt64] = []

    /// More ranks would need too large a table to keep messages with random delays in order.
    static let jitteryRanksMax = 2048

    init(_ latency: Latency, rankCount: Int, seed: UInt64) {
        self.latency = latency
        self.seed = seed
        self.rankCount = rankCount
        chance = Chance(seed: seed ^ 0x6A69_7474)
        guard latency.jitterMax > .zero else { return }
        precondition(rankCount <= Self.jitteryRanksMax, "too many ranks for jitter")
        let pairs = rankCount * rankCount * Tag.allCases.count
        lastArrival = [UInt64](repeating: 0, count: pairs)
    }

    /// Whether the run began with jitter: only then do messages need `arrival`.
    @inline(__always)
    var hasJitter: Bool { !lastArrival.isEmpty }

    @inline(__always)
    func lane(_ a: Int32, _ b: Int32) -> Int { latency.lane(a, b, seed: seed) }

    /// The arrival of a message that would arrive at `usual` without jitter.
    @inline(__always)
    mutating func arrival(
        from source: Int32, to destination: Int32, tag: UInt8, usual: UInt64
    ) -> Tick {
        let jitter = chance.next() % (latency.jitterMax.wholeNanoseconds + 1)
        let pair = Int(source) * rankCount + Int(destination)
        let place = pair * Tag.allCases.count + Int(tag) - 1
        // A later message arrives later, or at the same time and behind this one.
        lastArrival[place] = max(lastArrival[place], usual + jitter)
        return Tick(nanoseconds: lastArrival[place])
    }
}
