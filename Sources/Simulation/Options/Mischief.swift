/// The ways in which a rank may spoil what it sends: an adversary is an honest node behind a
/// dishonest endpoint.
package struct Mischief: OptionSet, Sendable {
    package let rawValue: UInt8
    package init(rawValue: UInt8) { self.rawValue = rawValue }

    /// Sends wrong bytes of a piece.
    package static let wrongBytes = Mischief(rawValue: 1)
    /// Sends the bytes of another piece.
    package static let wrongPiece = Mischief(rawValue: 2)
    /// Announces that it holds every piece.
    package static let staleHave = Mischief(rawValue: 4)
    /// Takes requests and never answers.
    package static let silent = Mischief(rawValue: 8)
    /// Sends every message many times.
    package static let flood = Mischief(rawValue: 16)
    /// Changes bytes of messages.
    package static let malformed = Mischief(rawValue: 32)
}
