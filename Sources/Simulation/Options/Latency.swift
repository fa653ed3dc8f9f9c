import Vocabulary

/// The time that a message takes from one rank to another. There are a few classes, and the seed
/// decides the class of each pair of ranks. Jitter is added to each message separately.
package struct Latency: Sendable {
    /// The shortest latency. With several classes the longest is three times as long.
    package var base = Duration.microseconds(100)
    package var classes = 1
    package var jitterMax = Duration.zero

    package init() {}

    /// One delay for each class.
    var delays: [Duration] {
        (0..<max(1, classes)).map { base + base * 2 * $0 / max(1, classes - 1) }
    }

    /// Without jitter.
    var longest: Duration { classes > 1 ? base * 3 : base }

    /// The class of a pair of ranks, in both directions.
    @inline(__always)
    func lane(_ a: Int32, _ b: Int32, seed: UInt64) -> Int {
        guard classes > 1 else { return 0 }
        let pair = UInt64(min(a, b)) << 32 | UInt64(max(a, b))
        var chance = Chance(seed: seed ^ pair &* 0x9E37_79B9_7F4A_7C15)
        return Int(chance.next() % UInt64(classes))
    }
}
