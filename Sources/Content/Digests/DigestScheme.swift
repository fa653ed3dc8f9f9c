/// The way in which the pieces of a content are verified. The raw values travel and are frozen:
/// append, never renumber.
package enum DigestScheme: UInt8, Sendable, CaseIterable {
    /// A piece is its label and carries no bytes.
    case label = 0
    /// XXH3 of 128 bits: against corruption, not against forgery.
    case xxh3 = 1
    /// For trees only.
    case sha256 = 2
}

extension DigestScheme {
    /// Nil for those that only other formats have.
    package init?(_ algorithm: DigestAlgorithm) {
        switch algorithm {
        case .xxh3: self = .xxh3
        case .sha256: self = .sha256
        case .md5, .sha1: return nil
        }
    }

    /// Nil where pieces carry no bytes.
    package var algorithm: DigestAlgorithm? {
        switch self {
        case .label: nil
        case .xxh3: .xxh3
        case .sha256: .sha256
        }
    }
}
