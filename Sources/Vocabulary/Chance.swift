/// The only source of chance in the core: seeded, so that a run can be told again. The generator
/// is SplitMix64, which passes the usual batteries and needs one word of state.
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

    /// Even over `0 ..< bound`: by multiplication, redrawing in the part that would be uneven.
    package mutating func below(_ bound: Int) -> Int {
        precondition(bound > 0, "nothing to choose from")
        let width = UInt64(bound)
        let uneven = (0 &- width) % width
        while true {
            let (high, low) = next().multipliedFullWidth(by: width)
            if low >= uneven { return Int(high) }
        }
    }

    /// Fisher and Yates. The library's own shuffle is free to change between releases; a seed's
    /// run is not.
    package mutating func permute<T>(_ items: inout [T]) {
        for last in stride(from: items.count - 1, to: 0, by: -1) {
            items.swapAt(last, below(last + 1))
        }
    }
}
