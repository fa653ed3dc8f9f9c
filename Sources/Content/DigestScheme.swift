/// How the pieces of a content are verified. The raw values travel and are frozen: append, never
/// renumber.
package enum DigestScheme: UInt8, Sendable, CaseIterable {
    /// A piece is its label and carries no bytes.
    case label = 0
    /// XXH3 of 128 bits: against corruption, not against forgery.
    case xxh3 = 1
}
