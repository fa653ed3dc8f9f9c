import Testing
import Vocabulary

@testable import Swarm

@Suite struct ContentIndexTests {
    private func content(_ number: UInt64) -> ContentID { .init(high: number / 3, low: number) }

    @Test func fewAndManyContentsAreFoundAlike() {
        var index = ContentIndex()
        for number in 0..<40 as Range<UInt64> {
            index[content(number)] = Int(number)
            for known in 0...number { #expect(index[content(known)] == Int(known)) }
            #expect(index[content(number + 1)] == nil)
        }
    }

    @Test(arguments: [5, 20])
    func removalsAndReplacementsAreSeen(count: UInt64) {
        var index = ContentIndex()
        for number in 0..<count { index[content(number)] = Int(number) }
        index[content(3)] = nil
        index[content(4)] = 77
        #expect(index[content(3)] == nil)
        #expect(index[content(4)] == 77)
        #expect(index[content(2)] == 2)
        // The entry that was set last is kept beside the others.
        index[content(4)] = nil
        #expect(index[content(4)] == nil)
        index[content(2)] = 9
        index[content(1)] = nil
        #expect(index[content(2)] == 9 && index[content(1)] == nil)
    }
}
