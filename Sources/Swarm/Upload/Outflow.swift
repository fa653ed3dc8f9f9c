import Vocabulary

/// How fast our sends are, and how many there should be at once. One is best where receivers take
/// as fast as we send: a piece that is whole can go on. Where they take from several at once, one
/// send leaves part of our link idle, and a second or third fills it.
///
/// It gropes its way: another send little by little while all together stay below the best that
/// was seen, and back when they do not.
struct Outflow: Equatable, Sendable {
    /// Bytes a second of one send; nil before the first one ended.
    private(set) var usual: Double?
    /// Bytes a second of all sends together, at best; forgotten little by little.
    private var best = 0.0
    private var extra = 0.0

    private static let extraMax = 2.0
    private static let full = 0.8

    /// Sends at once beyond those that the rules allow.
    var places: Int { Int(extra) }

    /// A send went at `rate`, one of `count` that did not count as slow.
    mutating func note(_ rate: Double, among count: Int) {
        let known = usual ?? rate
        // What the slow ones take says nothing of what we can send, but if all are slow, it does.
        usual = rate > known ? rate : known * 0.95 + rate * 0.05
        guard count > 0 else { return }
        let together = rate * Double(count)
        best = max(best * 0.998, together)
        extra =
            together < best * Self.full
            ? min(extra + 0.1, Self.extraMax) : max(extra - 0.05, 0)
    }

    /// When a send has taken so long that its receiver is likely to be dead.
    func patience(of byteCount: Int, _ rules: UploaderRules) -> Duration {
        guard let usual else {
            return max(rules.sendPatienceMax, firstPatience(of: byteCount, rules) * 8)
        }
        return max(rules.sendPatienceMax, .seconds(Double(byteCount) / usual * 8))
    }

    /// Taken for slow too early, the first send would share the link with others that are no
    /// quicker, and all of them would take as many times as long.
    func firstPatience(of byteCount: Int, _ rules: UploaderRules) -> Duration {
        max(rules.firstSendPatience, .seconds(byteCount / rules.firstRateMin))
    }
}
