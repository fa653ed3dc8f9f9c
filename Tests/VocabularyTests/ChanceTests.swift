import Testing
import Vocabulary

@Suite struct ChanceTests {
    /// The first words that the authors of SplitMix64 give for this seed.
    @Test func wordsAreThoseOfSplitMix64() {
        var chance = Chance(seed: 1_234_567)
        let words = (0..<5).map { _ in chance.next() }
        #expect(
            words == [
                6_457_827_717_110_365_317, 3_203_168_211_198_807_973,
                9_817_491_932_198_370_423, 4_593_380_528_125_082_431,
                16_408_922_859_458_223_821,
            ])
    }

    @Test func aSeedsRunIsFrozen() {
        var chance = Chance(seed: 1)
        let draws = (0..<12).map { _ in chance.below(10) }
        #expect(draws == [5, 7, 9, 4, 4, 7, 8, 5, 2, 7, 4, 6])
        var items = Array(0..<10)
        chance.permute(&items)
        #expect(items == [6, 0, 5, 2, 8, 7, 1, 3, 9, 4])
    }

    @Test(arguments: [1, 2, 3, 7, 64, 1000, Int.max])
    func drawsAreInRange(bound: Int) {
        var chance = Chance(seed: 5)
        for _ in 0..<1000 {
            let draw = chance.below(bound)
            #expect((0..<bound).contains(draw))
        }
    }

    /// 60,000 draws over six values: a deviation of 500 is more than five standard ones.
    @Test func drawsAreEven() {
        var chance = Chance(seed: 6)
        var counts = [Int](repeating: 0, count: 6)
        for _ in 0..<60_000 { counts[chance.below(6)] += 1 }
        #expect(counts.allSatisfy { abs($0 - 10_000) < 500 })
    }

    @Test func permutesReachEveryOrder() {
        var chance = Chance(seed: 7)
        var orders: Set<[Int]> = []
        for _ in 0..<200 {
            var items = [1, 2, 3]
            chance.permute(&items)
            orders.insert(items)
        }
        #expect(orders.count == 6)
    }

    @Test func nothingIsShuffledToNothing() {
        var chance = Chance(seed: 8)
        var items: [Int] = []
        chance.permute(&items)
        #expect(items.isEmpty)
    }
}
