import Vocabulary

/// What comes in from other ranks, and who has sent too much that makes no sense.
struct Gate: ~Copyable {
    /// A rank that has sent so many bad messages is not listened to again.
    static let violationsMax = 64

    private var violations: [UInt16]
    private(set) var violationCount = 0

    init(rankCount: Int) { violations = [UInt16](repeating: 0, count: rankCount) }

    func listens(to rank: Rank) -> Bool {
        violations.indices.contains(Int(rank.raw))
            && violations[Int(rank.raw)] < Self.violationsMax
    }

    /// True the first time that this rank does it.
    @discardableResult
    mutating func noteViolation(of rank: Rank) -> Bool {
        violationCount += 1
        guard violations.indices.contains(Int(rank.raw)) else { return false }
        violations[Int(rank.raw)] &+= 1
        return violations[Int(rank.raw)] == 1
    }
}
