import Testing
import Vocabulary
import Wire

@testable import Swarm

struct SessionTests {
    private static func rules(heirs: [Int32]) -> DownloaderRules {
        var rules = DownloaderRules(tracker: Rank(0))
        rules.heirs = heirs.map { Rank($0) }
        return rules
    }

    private static func at(_ seconds: Int) -> Tick { Tick.zero + .seconds(seconds) }

    @Test func theOnlyTrackerIsGivenTwoLeases() {
        let alone = Session(Self.rules(heirs: []), rank: Rank(5), now: .zero)
        let withHeir = Session(Self.rules(heirs: [3]), rank: Rank(5), now: .zero)
        #expect(!alone.isSilent(Rank(0), now: Self.at(19)))
        #expect(alone.isSilent(Rank(0), now: Self.at(20)))
        #expect(withHeir.isSilent(Rank(0), now: Self.at(10)))
    }

    @Test func aStoppedRankGivesItsTrackerThatTime() {
        var session = Session(Self.rules(heirs: [3]), rank: Rank(5), now: .zero)
        let isEarly = session.isAliveDue(now: Self.at(1))
        let isDue = session.isAliveDue(now: Self.at(30))
        #expect(!isEarly && isDue)
        #expect(!session.isSilent(Rank(0), now: Self.at(30)))
        #expect(session.isSilent(Rank(0), now: Self.at(38)))
    }

    @Test func anHeirThatIsNextTakesOver() {
        let rules = Self.rules(heirs: [3])
        var session = Session(rules, rank: Rank(3), now: .zero)
        var journal = Journal(rules, wanted: 0)
        var effects = Effects<DownloaderEffect>()
        #expect(!journal.isHeirTracking)
        let isFollowed = session.followNext(now: .zero, &journal, &effects)
        #expect(isFollowed && journal.tracker == Rank(3) && journal.isHeirTracking)
        #expect(effects.list == [.takeOver(Inheritance(lost: [Rank(0)]))])
        let isFollowedAgain = session.followNext(now: .zero, &journal, &effects)
        #expect(!isFollowedAgain)
        #expect(journal.branches.moves == 1)
    }

    @Test func aRankLingersOnlyWithoutATracker() {
        var session = Session(Self.rules(heirs: []), rank: Rank(5), now: .zero)
        var effects = Effects<DownloaderEffect>()
        let isFirst = [session.abandon(), session.abandon()]
        #expect(isFirst == [true, false])
        session.linger(&effects)
        session.linger(&effects)
        session.heardAgain(&effects)
        #expect(effects.list == [.tell(.lingering(true)), .tell(.lingering(false))])
        session.checkInvariants()
    }
}
