package import Content

/// A rule that a log breaks, and where.
package struct LogFlaw: Equatable, Sendable {
    /// The peer whose log it is.
    package let peer: PeerID
    /// The line, from 1; the last one if a sentence is missing at the end, and 0 for a log without
    /// lines.
    package let line: Int
    package let rule: LogRule
}
