import Vocabulary

/// Notices that links receive no faster than they send.
///
/// Where they take more, one send at a time is best, because a complete piece can be passed on.
/// Otherwise sends of several ranks meet at one receiver, and each of them leaves a part of its own
/// link idle. Then this rank sends to several receivers at once (`LinkPlaces`), and each receiver
/// decides which sends it has room for.
///
/// A send that left the link idle counts for that, and sends that filled it count against it. What
/// the links are like does not change, so it is noticed once and for all: afterwards all sends
/// share the link, and none of them shows how fast it would be alone.
struct LinkSharing: Equatable, Sendable {
    private(set) var isNoticed = false
    private var shortSends = 0.0

    /// A single send may have been disturbed by something else. Where links are alike, a third of
    /// all sends meets another one, so that two are soon found among sixteen.
    private static let shortSendsMin = 2.0
    private static let relief = 0.125

    /// A send took all that the link gives.
    mutating func sendWasFull() { shortSends = max(shortSends - Self.relief, 0) }

    /// A send that seemed to leave the link idle goes to a receiver that is slow by itself.
    mutating func shortSendWasSlow() { shortSends = max(shortSends - 1, 0) }

    /// The time of an answer, in pieces, from which nothing is gained.
    private static let turnaroundMax = Double(LinkPlaces.most) / 4

    /// A send left the link idle. A receiver keeps a place for each send from its answer on. If an
    /// answer takes as long as several pieces, even the most places are empty for a large part of
    /// the time.
    mutating func sendWasShort(pieceTime: Duration, turnaround: Duration) {
        shortSends = min(shortSends + 1, Self.shortSendsMin)
        guard shortSends >= Self.shortSendsMin, turnaround < pieceTime * Self.turnaroundMax
        else { return }
        isNoticed = true
    }
}
