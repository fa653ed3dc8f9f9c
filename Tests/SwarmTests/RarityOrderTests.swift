import Testing
import Vocabulary

@testable import Swarm

/// The order beside a table of numbers that is searched from end to end.
struct RarityOrderTests {
    /// The members in order, computed in the slowest way.
    private struct Naive {
        var numbers: [Int]
        var members: Set<Int>

        func lowest(where willDo: (Int) -> Bool) -> Int? {
            members.filter(willDo).map { numbers[$0] }.min()
        }
    }

    @Test(arguments: [1, 2, 3, 17, 100])
    func agreesWithATableThroughThousandsOfSteps(pieceCount: Int) {
        for isFull in [false, true] {
            var chance = Chance(seed: UInt64(pieceCount))
            var order = isFull ? RarityOrder(all: pieceCount) : RarityOrder(none: pieceCount)
            var naive = Naive(
                numbers: [Int](repeating: 0, count: pieceCount),
                members: isFull ? Set(0..<pieceCount) : [])
            for step in 0..<3000 {
                let piece = chance.below(pieceCount)
                switch chance.below(5) {
                case 0, 1:
                    order.raise(PieceIndex(piece))
                    naive.numbers[piece] += 1
                case 2:
                    order.lower(PieceIndex(piece))
                    naive.numbers[piece] = max(0, naive.numbers[piece] - 1)
                case 3:
                    order.insert(PieceIndex(piece))
                    naive.members.insert(piece)
                default:
                    order.remove(PieceIndex(piece))
                    naive.members.remove(piece)
                }
                order.checkInvariants()
                // Read at each step, often, and so seldom that the order is not kept in between.
                guard step < 1000 || chance.below(step < 2000 ? 5 : 5 * pieceCount) == 0 else {
                    continue
                }
                Self.compare(&order, naive, &chance)
                order.checkInvariants()
            }
        }
    }

    @Test func countingEndsAtTheHighestNumber() {
        var order = RarityOrder(all: 3)
        for _ in 0...RarityOrder.numberMax { order.raise(PieceIndex(1)) }
        order.checkInvariants()
        #expect(order.number(of: PieceIndex(1)) == RarityOrder.numberMax)
        order.lower(PieceIndex(1))
        order.checkInvariants()
        #expect(order.number(of: PieceIndex(1)) == RarityOrder.numberMax, "counting has ended")
        var chance = Chance(seed: 1)
        let found = order.first(&chance) { $0.position > 0 }
        #expect(found == PieceIndex(2))
    }

    private static func compare(
        _ order: inout RarityOrder, _ naive: Naive, _ chance: inout Chance
    ) {
        #expect(order.count == naive.members.count)
        let piece = chance.below(naive.numbers.count)
        #expect(order.number(of: PieceIndex(piece)) == naive.numbers[piece])
        let divisor = 1 + chance.below(3)
        let found = order.first(&chance) { $0.position % divisor == 0 }
        #expect(
            found.map { naive.numbers[$0.position] }
                == naive.lowest { $0.isMultiple(of: divisor) })
        if let found {
            #expect(naive.members.contains(found.position))
            #expect(found.position.isMultiple(of: divisor))
        }
    }

    @Test func aWalkVisitsEveryMemberOnceByRisingNumber() {
        var chance = Chance(seed: 3)
        var order = RarityOrder(all: 40)
        for _ in 0..<200 { order.raise(PieceIndex(chance.below(40))) }
        for piece in stride(from: 0, to: 40, by: 7) { order.remove(PieceIndex(piece)) }
        for _ in 0..<20 {
            var seen: [PieceIndex] = []
            order.walk(&chance) { piece in
                seen.append(piece)
                return true
            }
            let numbers = seen.map { order.number(of: $0) }
            #expect(numbers == numbers.sorted())
            #expect(seen.count == order.count && Set(seen).count == order.count)
        }
    }

    @Test func aWalkEndsWhenLookReturnsFalse() {
        var chance = Chance(seed: 3)
        var order = RarityOrder(all: 40)
        var looked = 0
        order.walk(&chance) { _ in
            looked += 1
            return looked < 5
        }
        #expect(looked == 5)
    }

    /// Three of seven are rarest: each is found first about as often as the others.
    @Test func tiesAreDrawnEvenly() {
        var chance = Chance(seed: 11)
        var order = RarityOrder(all: 7)
        for piece in [1, 3, 4, 6] { order.raise(PieceIndex(piece)) }
        var counts = [Int](repeating: 0, count: 7)
        for _ in 0..<3000 {
            if let piece = order.first(&chance, where: { _ in true }) {
                counts[piece.position] += 1
            }
        }
        #expect(counts[1] + counts[3] + counts[4] + counts[6] == 0)
        for piece in [0, 2, 5] { #expect((850...1150).contains(counts[piece])) }
    }

    @Test func noPieceIsFoundIfNoneIsAccepted() {
        var chance = Chance(seed: 1)
        for var order in [RarityOrder(all: 9), RarityOrder(none: 9), RarityOrder(all: 0)] {
            let willDo = order.count == 0
            let found = order.first(&chance) { _ in willDo }
            #expect(found == nil)
        }
    }

    /// A piece that is not in the order keeps its number, which counts when it comes back.
    @Test func anAbsentPieceKeepsItsNumber() {
        var chance = Chance(seed: 1)
        var order = RarityOrder(all: 3)
        order.remove(PieceIndex(0))
        for _ in 0..<5 { order.raise(PieceIndex(0)) }
        order.raise(PieceIndex(1))
        order.raise(PieceIndex(2))
        order.insert(PieceIndex(0))
        order.checkInvariants()
        var seen: [Int] = []
        order.walk(&chance) { piece in
            seen.append(piece.position)
            return true
        }
        #expect(seen.last == 0)
    }
}
