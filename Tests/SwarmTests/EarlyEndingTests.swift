import Testing
import Vocabulary

@testable import Swarm

@Suite struct EarlyEndingTests {
    private static let rules = TrackerRules(firstPeer: Rank(1), peerCount: 2)

    @Test func withoutBadInputNothingIsDue() {
        let ending = EarlyEnding(Self.rules)
        var effects = Effects<TrackerEffect>()
        #expect(!ending.isRefused)
        #expect(!ending.isDue(now: .zero + .seconds(99), &effects))
        #expect(effects.list == [])
    }

    /// So that the message names the lowest rank that has some.
    @Test func theFirstReportOfBadInputWaitsForOthers() {
        var ending = EarlyEnding(Self.rules)
        var effects = Effects<TrackerEffect>()
        ending.refuse(now: .zero)
        ending.refuse(now: .zero + Self.rules.refusalPatience)
        #expect(ending.isRefused)
        let end = Tick.zero + Self.rules.refusalPatience
        #expect(!ending.isDue(now: .zero, &effects))
        #expect(effects.list == [.wake(at: end)])
        effects.removeAll()
        #expect(ending.isDue(now: end, &effects), "the second report does not prolong the wait")
        #expect(effects.list == [])
    }
}
