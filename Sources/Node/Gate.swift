import Vocabulary

/// What comes in from other ranks, and who has sent too much that makes no sense.
struct Gate: ~Copyable {
    /// A rank that has sent so many bad messages is not listened to again.
    static let violationsMax = 64

    private let rankCount: Int
    /// Only those who have sent any: there may be thousands of ranks, and nearly all behave.
    private var violations: [Rank: Int] = [:]

    init(rankCount: Int) { self.rankCount = rankCount }

    func listens(to rank: Rank) -> Bool {
        guard (0..<rankCount).contains(Int(rank.raw)) else { return false }
        return violations.isEmpty || violations[rank, default: 0] < Self.violationsMax
    }

    /// Called for a rank that is listened to. True the first time: that is when it is told of.
    mutating func noteViolation(of rank: Rank) -> Bool {
        violations[rank, default: 0] += 1
        return violations[rank] == 1
    }
}
