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

extension Digest128 {
    package var bytes: [UInt8] {
        (0..<8).map { UInt8(truncatingIfNeeded: high >> (56 - 8 * $0)) }
            + (0..<8).map { UInt8(truncatingIfNeeded: low >> (56 - 8 * $0)) }
    }
}

extension Digest128 {
    /// Of as many bytes as there are in one.
    init(bytes: some Collection<UInt8>) {
        precondition(bytes.count == Self.byteCount, "a digest is 16 bytes")
        self.init(
            high: bytes.prefix(8).reduce(0) { $0 << 8 | UInt64($1) },
            low: bytes.dropFirst(8).reduce(0) { $0 << 8 | UInt64($1) })
    }
}
