/// A function from bytes to a digest.
package enum DigestAlgorithm: Sendable, CaseIterable {
    case md5
    case sha1
    case sha256
    /// XXH3 of 128 bits, the highest byte first.
    case xxh3

    /// As its authors write it.
    package var words: String {
        switch self {
        case .md5: "MD5"
        case .sha1: "SHA-1"
        case .sha256: "SHA-256"
        case .xxh3: "XXH3"
        }
    }

    package var byteCount: Int {
        switch self {
        case .md5: 16
        case .sha1: 20
        case .sha256: 32
        case .xxh3: Digest128.byteCount
        }
    }
}
