import Testing
import Vocabulary

@testable import Launch

struct StartBarrierTests {
    /// Every rank but the first is waited for by exactly one other, and that one is lower.
    @Test(arguments: 1...70) func theTreeHasEveryRankOnce(rankCount: Int) {
        var waitedFor: [Int32] = []
        for rank in 0..<Int32(rankCount) {
            let below = StartBarrier.ranksBelow(Rank(rank), of: rankCount)
            #expect(below.allSatisfy { $0.raw > rank })
            waitedFor += below.map(\.raw)
        }
        #expect(waitedFor.sorted() == Array(1..<Int32(rankCount)))
    }
}
