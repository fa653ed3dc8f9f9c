import Testing
import Vocabulary

@testable import Simulation

struct JobPresenceTests {
    /// The first four ranks of a job: `x` is dead, and the number dies.
    @Test(arguments: [
        ("....", 3, true), ("xxx.", 3, false), ("xxx.", 2, true), (".xxx", 3, true),
        ("xx..", 3, true),
    ])
    func aDeathIsSeenByTheFirstThreeRanks(_ ranks: String, _ dying: Int32, _ isSeen: Bool) {
        var presence = JobPresence(rankCount: 4)
        let isReported = presence.reportDeath(of: Rank(dying), ranks.map { $0 == "x" })
        #expect(isReported == isSeen)
        #expect(presence.knownDead == (isSeen ? [Rank(dying)] : []))
    }

    @Test func ranksCouldOnlySendWhileTheyWereThere() {
        var presence = JobPresence(rankCount: 3)
        presence.joined(0, at: .zero)
        presence.joined(1, at: .zero + .seconds(2))
        presence.left(1, at: .zero + .seconds(5))
        let up = [100.0, 10, 1]
        #expect(presence.capacity(of: 0..<3, up, until: .zero + .seconds(4)) == 420)
        #expect(presence.capacity(of: 0..<3, up, until: .zero + .seconds(10)) == 1030)
        #expect(presence.capacity(of: 0..<2, up, until: .zero + .seconds(1)) == 100)
    }
}
