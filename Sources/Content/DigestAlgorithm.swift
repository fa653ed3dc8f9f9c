/// A function from bytes to a digest.
package enum DigestAlgorithm: Sendable, CaseIterable {
    case md5
    case sha1
    case sha256
    /// XXH3 of 128 bits, the highest byte first.
    case xxh3

    package var byteCount: Int {
        switch self {
        case .md5: 16
        case .sha1: 20
        case .sha256: 32
        case .xxh3: Digest128.byteCount
        }
    }
}
