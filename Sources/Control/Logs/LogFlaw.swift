package import Content

/// A rule that a log breaks, and where.
package struct LogFlaw: Equatable, Sendable {
    /// Whose log.
    package let peer: PeerID
    /// From 1; the last one for what is missing at the end, and 0 for a log without lines.
    package let line: Int
    package let rule: LogRule
}
