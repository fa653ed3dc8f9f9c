import Vocabulary

/// The incoming messages of other ranks. A rank that has sent too many invalid messages, or the
/// same few messages too often, is no longer listened to.
struct ViolationFilter: ~Copyable {
    /// A rank that has sent this many bad messages is not listened to again.
    static let violationsMax = 64
    /// An undecodable message weighs this many: an honest rank may be refused because it is late,
    /// and never sends undecodable bytes.
    static let undecodableWeight = 32

    private let rankCount: Int
    /// Only for ranks with violations: there may be thousands of ranks, and nearly all are honest.
    private var violations: [Rank: Int] = [:]
    private var repetitions = Repetitions()

    init(rankCount: Int) { self.rankCount = rankCount }

    func listens(to rank: Rank) -> Bool {
        guard (0..<rankCount).contains(Int(rank.raw)) else { return false }
        return violations.isEmpty || violations[rank, default: 0] < Self.violationsMax
    }

    /// Whether the rank, which was listened to until now, floods and is listened to no longer.
    mutating func isFlooded(by rank: Rank, _ bytes: RawSpan, now: Tick) -> Bool {
        guard repetitions.note(bytes, from: rank, now: now) else { return false }
        violations[rank] = Self.violationsMax
        return true
    }

    /// Pieces were announced to the rank.
    mutating func announced(to rank: Rank) { repetitions.announced(to: rank) }

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
