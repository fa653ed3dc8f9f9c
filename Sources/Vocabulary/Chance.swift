/// The only source of random numbers in the core: seeded, so that a run can be repeated. The
/// generator is SplitMix64, which passes the usual statistical tests and needs one word of state.
package struct Chance: RandomNumberGenerator, Sendable {
    private var state: UInt64

    package init(seed: UInt64) { state = seed }

    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
        return word ^ (word >> 31)
    }

    /// Uniform over `0 ..< bound`: by multiplication, with another draw where the result would be
    /// biased.
    package mutating func below(_ bound: Int) -> Int {
        precondition(bound > 0, "nothing to choose from")
        let width = UInt64(bound)
        let uneven = (0 &- width) % width
        while true {
            let (high, low) = next().multipliedFullWidth(by: width)
            if low >= uneven { return Int(high) }
        }
    }

    /// The shuffle of Fisher and Yates. The library's own shuffle may change between releases; the
    /// run of a seed must not.
    package mutating func permute<T>(_ items: inout [T]) {
        for last in stride(from: items.count - 1, to: 0, by: -1) {
            items.swapAt(last, below(last + 1))
        }
    }
}
