import Testing
import Vocabulary

@Suite struct PieceSetTests {
    static let capacities = [1, 7, 8, 9, 63, 64, 65, 127, 128, 200]

    /// The same steps on the set and on a set of the library, at every boundary of words.
    @Test(arguments: capacities)
    func agreesWithANaiveSet(capacity: Int) {
        var chance = Chance(seed: UInt64(capacity))
        var set = PieceSet(none: capacity)
        var naive: Set<Int> = []
        for _ in 0..<500 {
            let number = chance.below(capacity)
            let piece = PieceIndex(number)
            let (changed, expected) =
                chance.below(3) > 0
                ? (set.insert(piece), naive.insert(number).inserted)
                : (set.remove(piece), naive.remove(number) != nil)
            #expect(changed == expected)
            set.checkInvariants()
            #expect(set.count == naive.count)
            #expect(set.isEmpty == naive.isEmpty && set.isFull == (naive.count == capacity))
            #expect(set.contains(piece) == naive.contains(number))
            let start = chance.below(capacity + 1)
            let first = naive.filter { $0 >= start }.min().map { PieceIndex($0) }
            #expect(set.first(from: start) == first)
        }
    }

    @Test(arguments: capacities)
    func unionAndDifferenceAgree(capacity: Int) {
        var chance = Chance(seed: 99)
        for _ in 0..<50 {
            let (ours, numbers) = Self.random(capacity, &chance)
            let (theirs, theirNumbers) = Self.random(capacity, &chance)
            #expect(ours.lacksSomething(of: theirs) == !theirNumbers.isSubset(of: numbers))
            var both = ours
            both.formUnion(theirs)
            both.checkInvariants()
            #expect(both.count == numbers.union(theirNumbers).count)
            #expect(!both.lacksSomething(of: theirs))
        }
    }

    @Test(arguments: capacities)
    func fullSetsAreFull(capacity: Int) {
        let set = PieceSet(all: capacity)
        set.checkInvariants()
        #expect(set.isFull && set.count == capacity)
        var built = PieceSet(none: capacity)
        for number in 0..<capacity { built.insert(PieceIndex(number)) }
        #expect(built == set)
    }

    @Test func theEmptySetOfNoPiecesIsFullAndEmpty() {
        for set in [PieceSet(none: 0), PieceSet(all: 0)] {
            set.checkInvariants()
            #expect(set.isEmpty && set.isFull && set.first() == nil)
        }
    }

    @Test(arguments: capacities)
    func setsTravelByBytes(capacity: Int) {
        var chance = Chance(seed: 3)
        let (sent, _) = Self.random(capacity, &chance)
        var received = PieceSet(none: capacity)
        for first in stride(from: 0, to: capacity, by: 8) {
            let taken = received.insert(sent.byte(at: first), at: first)
            #expect(taken)
            received.checkInvariants()
        }
        #expect(received == sent)
    }

    @Test func bytesThatNamePiecesBeyondTheEndAreRefused() {
        for capacity in 1...16 {
            let first = (capacity - 1) / 8 * 8
            for byte in UInt8.min...UInt8.max {
                var set = PieceSet(none: capacity)
                let fits = first + 8 - byte.leadingZeroBitCount <= capacity || byte == 0
                let taken = set.insert(byte, at: first)
                #expect(taken == fits)
                #expect(set.count == (fits ? byte.nonzeroBitCount : 0))
                set.checkInvariants()
            }
        }
    }

    private static func random(
        _ capacity: Int, _ chance: inout Chance
    ) -> (PieceSet, Set<Int>) {
        var set = PieceSet(none: capacity)
        var numbers: Set<Int> = []
        for number in 0..<capacity where chance.below(2) == 0 {
            set.insert(PieceIndex(number))
            numbers.insert(number)
        }
        return (set, numbers)
    }
}
