/// A digest of up to 32 bytes, as it travels and is stored with a piece. Only the code that
/// computes and compares digests looks inside.
package struct PieceDigest: Hashable, Sendable {
    private var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
    package let byteCount: Int

    package static let byteCountMax = 32

    /// Nil when there are too many bytes, or none.
    package init?(_ bytes: some Collection<UInt8>) {
        guard (1...Self.byteCountMax).contains(bytes.count) else { return nil }
        byteCount = bytes.count
        for (position, byte) in bytes.enumerated() {
            let bits = UInt64(byte) << UInt64(position % 8 * 8)
            switch position / 8 {
            case 0: words.0 |= bits
            case 1: words.1 |= bits
            case 2: words.2 |= bits
            default: words.3 |= bits
            }
        }
    }

    package var bytes: [UInt8] {
        (0..<byteCount).map { position in
            let word =
                switch position / 8 {
                case 0: words.0
                case 1: words.1
                case 2: words.2
                default: words.3
                }
            return UInt8(truncatingIfNeeded: word >> UInt64(position % 8 * 8))
        }
    }

    package static func == (a: PieceDigest, b: PieceDigest) -> Bool {
        a.words == b.words && a.byteCount == b.byteCount
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(words.0)
        hasher.combine(words.1)
        hasher.combine(words.2)
        hasher.combine(words.3)
    }
}
