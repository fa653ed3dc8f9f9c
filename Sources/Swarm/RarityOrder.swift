import Vocabulary

/// Pieces in the order of a small number each, such as how many neighbours hold it: an array cut
/// into buckets of equal numbers, so that a change by one is one swap at a bucket's border.
/// Numbers are kept for all pieces, and only members stand in the order.
///
/// Invariant: `order` holds every member once, each within its number's bucket.
struct RarityOrder: Sendable {
    private var numbers: [UInt16]
    /// Members by rising number.
    private var order: [UInt32] = []
    /// Where each piece stands in `order`, `absent` for those that do not.
    private var places: [UInt32]
    /// Where the bucket of each number starts in `order`; the last entry is its end.
    private var starts = [0, 0]

    private static let absent = UInt32.max

    init(none pieceCount: Int) {
        numbers = [UInt16](repeating: 0, count: pieceCount)
        places = [UInt32](repeating: Self.absent, count: pieceCount)
    }

    init(all pieceCount: Int) {
        numbers = [UInt16](repeating: 0, count: pieceCount)
        order = (0..<UInt32(pieceCount)).map { $0 }
        places = order
        starts = [0, pieceCount]
    }

    var count: Int { order.count }
    var bucketCount: Int { starts.count - 1 }

    func number(of piece: PieceIndex) -> Int { Int(numbers[piece.position]) }

    func bucket(_ number: Int) -> Range<Int> { starts[number]..<starts[number + 1] }

    subscript(place: Int) -> PieceIndex { PieceIndex(Int(order[place])) }

    /// The first member, from the lowest number on and in each bucket from a random place on,
    /// that will do. Nil when none does.
    func first(
        _ chance: inout Chance, where willDo: (PieceIndex) -> Bool
    ) -> PieceIndex? {
        for number in 0..<bucketCount {
            let members = bucket(number)
            guard !members.isEmpty else { continue }
            let middle = members.lowerBound + chance.below(members.count)
            for part in [middle..<members.upperBound, members.lowerBound..<middle] {
                for place in part where willDo(self[place]) { return self[place] }
            }
        }
        return nil
    }

    /// The same walk for as long as `look` wants to see more.
    func walk(_ chance: inout Chance, _ look: (PieceIndex) -> Bool) {
        _ = first(&chance) { !look($0) }
    }

    /// Counting ends at the highest number, and what got there stays: how much above it is is
    /// not known.
    static let numberMax = Int(UInt16.max)

    mutating func raise(_ piece: PieceIndex) {
        let number = Int(numbers[piece.position])
        guard number < Self.numberMax else { return }
        numbers[piece.position] += 1
        guard places[piece.position] != Self.absent else { return }
        if number + 1 == bucketCount { starts.append(order.count) }
        swap(Int(places[piece.position]), starts[number + 1] - 1)
        starts[number + 1] -= 1
    }

    mutating func lower(_ piece: PieceIndex) {
        let number = Int(numbers[piece.position])
        guard number > 0, number < Self.numberMax else { return }
        numbers[piece.position] -= 1
        guard places[piece.position] != Self.absent else { return }
        swap(Int(places[piece.position]), starts[number])
        starts[number] += 1
    }

    mutating func insert(_ piece: PieceIndex) {
        guard places[piece.position] == Self.absent else { return }
        let number = Int(numbers[piece.position])
        while bucketCount <= number { starts.append(order.count) }
        places[piece.position] = UInt32(order.count)
        order.append(piece.raw)
        starts[bucketCount] += 1
        // From the end to its bucket, over the borders of those in between.
        for border in stride(from: bucketCount - 1, to: number, by: -1) {
            swap(Int(places[piece.position]), starts[border])
            starts[border] += 1
        }
    }

    mutating func remove(_ piece: PieceIndex) {
        guard places[piece.position] != Self.absent else { return }
        for border in (Int(numbers[piece.position]) + 1)..<starts.count {
            swap(Int(places[piece.position]), starts[border] - 1)
            starts[border] -= 1
        }
        order.removeLast()
        places[piece.position] = Self.absent
    }

    private mutating func swap(_ one: Int, _ other: Int) {
        guard one != other else { return }
        order.swapAt(one, other)
        places[Int(order[one])] = UInt32(one)
        places[Int(order[other])] = UInt32(other)
    }

    func checkInvariants() {
        precondition(starts.last == order.count, "the last bucket does not end the order")
        for number in 0..<bucketCount {
            for place in bucket(number) {
                precondition(Int(numbers[Int(order[place])]) == number, "in a wrong bucket")
                precondition(Int(places[Int(order[place])]) == place, "a place drifted")
            }
        }
        precondition(places.count { $0 != Self.absent } == order.count, "not every member once")
    }
}
