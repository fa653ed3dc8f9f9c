import Testing
import Vocabulary

/// Two sets of one content, looked at together.
struct PieceSetPairTests {
    @Test(arguments: PieceSetTests.capacities)
    func firstsAndCountsAgreeWithNaiveSets(capacity: Int) {
        var chance = Chance(seed: UInt64(capacity) &* 31)
        for round in 0..<60 {
            // From nearly empty to nearly full, so that whole words hold nothing in common.
            let (ours, numbers) = Self.random(capacity, every: 1 + round % 12, &chance)
            let (theirs, others) = Self.random(capacity, every: 1 + round % 5, &chance)
            for start in 0...capacity + 1 {
                let common = numbers.intersection(others).filter { $0 >= start }.min()
                #expect(ours.first(from: start, in: theirs)?.position == common)
                let own = numbers.subtracting(others).filter { $0 >= start }.min()
                #expect(ours.first(from: start, notIn: theirs)?.position == own)
            }
            #expect(ours.count(notIn: theirs) == numbers.subtracting(others).count)
        }
    }

    @Test func noPiecesHaveNoFirst() {
        let none = PieceSet(none: 0)
        #expect(none.first(in: none) == nil && none.first(notIn: none) == nil)
        #expect(none.count(notIn: none) == 0)
    }

    @Test(arguments: PieceSetTests.capacities)
    func aFullSetAgainstAnEmptyOne(capacity: Int) {
        let all = PieceSet(all: capacity)
        let none = PieceSet(none: capacity)
        for start in 0..<capacity {
            #expect(all.first(from: start, in: all)?.position == start)
            #expect(all.first(from: start, notIn: none)?.position == start)
            #expect(all.first(from: start, in: none) == nil)
            #expect(all.first(from: start, notIn: all) == nil)
        }
        #expect(all.count(notIn: none) == capacity && none.count(notIn: all) == 0)
    }

    private static func random(
        _ capacity: Int, every: Int, _ chance: inout Chance
    ) -> (PieceSet, Set<Int>) {
        var set = PieceSet(none: capacity)
        var numbers: Set<Int> = []
        for number in 0..<capacity where chance.below(every + 1) == 0 {
            set.insert(PieceIndex(number))
            numbers.insert(number)
        }
        return (set, numbers)
    }
}
