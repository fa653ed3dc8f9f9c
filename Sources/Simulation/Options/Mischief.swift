/// What a rank does to what it sends: an adversary is an honest node behind a dishonest endpoint.
package struct Mischief: OptionSet, Sendable {
    package let rawValue: UInt8
    package init(rawValue: UInt8) { self.rawValue = rawValue }

    /// Sends bytes that are not the piece's.
    package static let wrongBytes = Mischief(rawValue: 1)
    /// Sends the bytes of another piece.
    package static let wrongPiece = Mischief(rawValue: 2)
    /// Says that it holds everything.
    package static let staleHave = Mischief(rawValue: 4)
    /// Takes requests and never answers.
    package static let silent = Mischief(rawValue: 8)
    /// Says everything many times.
    package static let flood = Mischief(rawValue: 16)
    /// Spoils bytes of messages.
    package static let malformed = Mischief(rawValue: 32)
}
