import Vocabulary

/// Estimates how fast sends are, and how many there should be at once. One is best if receivers
/// take pieces as fast as this rank sends, because a complete piece can be passed on. If receivers
/// take from several sources at once, one send leaves part of the link idle, and a second or third
/// fills it.
///
/// The number adapts: it rises little by little while all sends together stay below the best rate
/// so far, and falls when they do not.
struct Outflow: Equatable, Sendable {
    /// Bytes per second of one send; nil before the first one has ended.
    private(set) var usual: Double?
    /// The best rate of all sends together, in bytes per second; it decays.
    private(set) var best = 0.0
    private var extra = 0.0

    private static let extraMax = 2.0
    static let full = 0.8

    /// Sends at once in addition to those that the rules allow.
    var places: Int { Int(extra) }

    /// Notes the rate of a send, one of `count` that do not count as slow. Returns true if these
    /// filled the link, and nil where there is none.
    @discardableResult
    mutating func note(_ rate: Double, among count: Int) -> Bool? {
        let known = usual ?? rate
        // Slow sends prove nothing about this rank's rate, unless all are slow.
        usual = rate > known ? rate : known * 0.95 + rate * 0.05
        guard count > 0 else { return nil }
        let together = rate * Double(count)
        best = max(best * 0.998, together)
        let isFull = together >= best * Self.full
        extra = isFull ? max(extra - 0.05, 0) : min(extra + 0.1, Self.extraMax)
        return isFull
    }

    /// How long a receiver that wants none of the offered pieces gets no other offer: half the time
    /// that a piece takes.
    func rest(_ pieceLength: ByteCount, _ rules: UploaderRules) -> Duration {
        guard let usual else { return rules.offerPatienceMin / 2 }
        return max(.seconds(Double(pieceLength.raw) / usual / 2), .milliseconds(1))
    }

    /// The time after which the receiver of a send is probably dead.
    func patience(of byteCount: Int, _ rules: UploaderRules) -> Duration {
        let rate = usual ?? Double(rules.rateMin)
        return max(rules.sendPatienceMax, .seconds(Double(byteCount) / rate * 8))
    }
}
