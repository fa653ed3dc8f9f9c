import Vocabulary

/// What comes in from other ranks, and which of them have sent too much that makes no sense, or
/// the same again and again.
struct ViolationFilter: ~Copyable {
    /// A rank that has sent this many bad messages is not listened to again.
    static let violationsMax = 64
    /// What is no message at all weighs as much as this many: an honest rank may be refused because
    /// it is late, and never sends what cannot be decoded.
    static let undecodableWeight = 32

    private let rankCount: Int
    /// Only those who have sent any: there may be thousands of ranks, and nearly all behave.
    private var violations: [Rank: Int] = [:]
    private var repetitions = Repetitions()

    init(rankCount: Int) { self.rankCount = rankCount }

    func listens(to rank: Rank) -> Bool {
        guard (0..<rankCount).contains(Int(rank.raw)) else { return false }
        return violations.isEmpty || violations[rank, default: 0] < Self.violationsMax
    }

    /// Whether the rank, which was listened to, is one that floods, and is listened to no longer.
    mutating func isFlooded(by rank: Rank, _ bytes: RawSpan, now: Tick) -> Bool {
        guard repetitions.note(bytes, from: rank, now: now) else { return false }
        violations[rank] = Self.violationsMax
        return true
    }

    /// Called for a rank that is listened to. Returns whether this was its first violation, and
    /// whether it was one too many.
    mutating func noteViolation(
        of rank: Rank, isDecoded: Bool
    ) -> (isFirst: Bool, isTooMuch: Bool) {
        let before = violations[rank, default: 0]
        let after = before + (isDecoded ? 1 : Self.undecodableWeight)
        violations[rank] = after
        return (before == 0, after >= Self.violationsMax)
    }
}
