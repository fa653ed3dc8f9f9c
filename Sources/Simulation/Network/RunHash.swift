/// A fingerprint of everything that was delivered, in order. Runs that differ in one byte or one
/// nanosecond have different ones.
struct RunHash {
    private(set) var state: UInt64 = 0xCBF2_9CE4_8422_2325

    /// The multiplication carries upwards only; the shift brings the high bits back down.
    @inline(__always)
    mutating func mix(_ word: UInt64) {
        state = (state ^ word) &* 0x9E37_79B9_7F4A_7C15
        state ^= state >> 29
    }

    @unsafe
    mutating func mix(_ bytes: UnsafeRawBufferPointer) {
        var place = 0
        while place + 8 <= bytes.count {
            unsafe mix(bytes.loadUnaligned(fromByteOffset: place, as: UInt64.self))
            place += 8
        }
        var rest: UInt64 = 0
        while place < bytes.count {
            unsafe rest = rest << 8 | UInt64(bytes[place])
            place += 1
        }
        mix(rest ^ UInt64(bytes.count) << 56)
    }
}
