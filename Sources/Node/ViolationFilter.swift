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
    private let judgesFloods: Bool
    /// Has only ranks with violations: there may be thousands of ranks, and nearly all are honest.
    private var violations: [Rank: Int] = [:]
    private var repetitions = Repetitions()

    init(rankCount: Int, judgesFloods: Bool = true) {
        self.rankCount = rankCount
        self.judgesFloods = judgesFloods
    }

    func listens(to rank: Rank) -> Bool {
        guard (0..<rankCount).contains(Int(rank.raw)) else { return false }
        return violations.isEmpty || violations[rank, default: 0] < Self.violationsMax
    }

    /// Judges a message of a rank that is listened to. One that floods is listened to no longer.
    mutating func judge(
        _ bytes: RawSpan, from rank: Rank, now: Tick
    ) -> Repetitions.Verdict {
        let verdict = repetitions.note(bytes, from: rank, now: now)
        guard verdict == .flood else { return verdict }
        guard judgesFloods else { return .answered }
        violations[rank] = Self.violationsMax
        return .flood
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
