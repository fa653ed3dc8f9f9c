/// A digest of 128 bits, as XXH3 gives it. Written down as 16 bytes, the highest first, which is
/// the order in which `xxhsum -H2` prints them.
package struct Digest128: Hashable, Sendable {
    package let high: UInt64
    package let low: UInt64

    package static let byteCount = 16

    package init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }
}
