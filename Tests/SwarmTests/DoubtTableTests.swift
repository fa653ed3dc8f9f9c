import Testing
import Vocabulary

@testable import Swarm

@Suite struct DoubtTableTests {
    private static let content = ContentID(high: 1, low: 1)

    @Test func aDoubtEndsWithTheAnswers() {
        var doubts = DoubtTable()
        doubts.ask(Self.content)
        doubts.ask(Self.content)
        #expect(doubts.answered(Self.content) == .answered)
        #expect(doubts.answered(Self.content) == nil)
    }

    @Test func answersThatMayBeOutdatedDoNotEndIt() {
        var doubts = DoubtTable()
        doubts.ask(Self.content)
        doubts.outdate(Self.content)
        doubts.outdate(Self.content)
        #expect(doubts.answered(Self.content) == .outdated)
        #expect(doubts.answered(Self.content) == .answered)
    }

    @Test func anotherContentIsInNoDoubt() {
        var doubts = DoubtTable()
        doubts.ask(Self.content)
        #expect(doubts.answered(ContentID(high: 2, low: 2)) == nil)
    }
}
