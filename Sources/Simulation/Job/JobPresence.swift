package import Vocabulary

/// The times at which ranks joined and left, `never` for those that did not, and the deaths that
/// are known for certain.
package struct JobPresence: Sendable {
    package private(set) var joinedAt: [Tick]
    package private(set) var leftAt: [Tick]
    private(set) var knownDead: [Rank] = []

    init(rankCount: Int) {
        joinedAt = [Tick](repeating: .never, count: rankCount)
        leftAt = joinedAt
    }

    mutating func joined(_ rank: Int, at time: Tick) { joinedAt[rank] = time }

    /// Every rank is connected to the first ones, which see the end of a connection and report it
    /// to all others. The ends of their own connections all ranks see for themselves. Returns
    /// false where no rank sees this death.
    mutating func reportDeath(of rank: Rank, _ isDead: [Bool]) -> Bool {
        let watchers = isDead.prefix(Self.watchersMax)
        guard watchers.indices.contains(Int(rank.raw)) || watchers.contains(false) else {
            return false
        }
        knownDead.append(rank)
        return true
    }

    private static let watchersMax = 3

    /// A rank that has left may be killed later; the first time counts.
    mutating func left(_ rank: Int, at time: Tick) { leftAt[rank] = min(leftAt[rank], time) }

    /// The bytes that these ranks could have sent while they were present, at rates of `up` bytes
    /// per second.
    func capacity(of ranks: Range<Int>, _ up: [Double], until end: Tick) -> Double {
        var possible = 0.0
        for rank in ranks where joinedAt[rank] < end {
            possible += up[rank] * (min(leftAt[rank], end) - joinedAt[rank]).inSeconds
        }
        return possible
    }
}
