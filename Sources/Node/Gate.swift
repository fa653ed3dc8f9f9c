import Vocabulary

/// What comes in from other ranks, and who has sent too much that makes no sense.
struct Gate: ~Copyable {
    /// A rank that has sent so many bad messages is not listened to again.
    static let violationsMax = 64

    private var violations: [UInt16]

    init(rankCount: Int) { violations = [UInt16](repeating: 0, count: rankCount) }

    func listens(to rank: Rank) -> Bool {
        violations.indices.contains(Int(rank.raw))
            && violations[Int(rank.raw)] < Self.violationsMax
    }

    /// Called for a rank that is listened to. True the first time: that is when it is told of.
    mutating func noteViolation(of rank: Rank) -> Bool {
        violations[Int(rank.raw)] += 1
        return violations[Int(rank.raw)] == 1
    }
}
