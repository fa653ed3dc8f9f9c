import Vocabulary

/// Pieces in the order of a small number, such as the number of neighbours that hold them: an array
/// divided into buckets of equal numbers, so that a change by one is one swap at a bucket's border.
/// All pieces have numbers, but only members stand in the order.
///
/// A downloader that is offered its pieces hardly ever needs the order, so the order is not always
/// kept: it is sorted when it is needed, and kept up to date while that happens often.
///
/// Invariant: while it is sorted, `order` holds every member once, each within the bucket of its
/// number.
struct RarityOrder: Sendable {
    private var numbers: [UInt16]
    private var isSorted = false
    /// Changes since the order was last needed.
    private var changes = 0
    private(set) var count: Int
    /// Members by rising number.
    private var order: [UInt32] = []
    /// The place of each piece in `order`, or `absent`. While it is not sorted, any other value
    /// means a member.
    private var places: [UInt32]
    /// The start of each number's bucket in `order`; the last entry is the end.
    private var starts = [0, 0]

    private static let absent = UInt32.max

    init(none pieceCount: Int) {
        numbers = [UInt16](repeating: 0, count: pieceCount)
        places = [UInt32](repeating: Self.absent, count: pieceCount)
        count = 0
    }

    init(all pieceCount: Int) {
        numbers = [UInt16](repeating: 0, count: pieceCount)
        places = [UInt32](repeating: 0, count: pieceCount)
        count = pieceCount
    }

    func number(of piece: PieceIndex) -> Int { Int(numbers[Int(piece.raw)]) }

    private var bucketCount: Int { starts.count - 1 }

    private func bucket(_ number: Int) -> Range<Int> { starts[number]..<starts[number + 1] }

    private subscript(place: Int) -> PieceIndex { PieceIndex(Int(order[place])) }

    /// The first member for which `willDo` is true: the buckets come by rising number, and each is
    /// searched from a random place on. Nil where there is none.
    mutating func first(
        _ chance: inout Chance, where willDo: (PieceIndex) -> Bool
    ) -> PieceIndex? {
        first(&chance, ofNumbers: 0..<Int.max, where: willDo)
    }

    private mutating func first(
        _ chance: inout Chance, ofNumbers numbers: Range<Int>, where willDo: (PieceIndex) -> Bool
    ) -> PieceIndex? {
        sort()
        for number in numbers.clamped(to: 0..<bucketCount) {
            let members = bucket(number)
            guard !members.isEmpty else { continue }
            let middle = members.lowerBound + chance.below(members.count)
            // Not a list of both parts, which would be a request of the heap for each search.
            for place in middle..<members.upperBound where willDo(self[place]) {
                return self[place]
            }
            for place in members.lowerBound..<middle where willDo(self[place]) {
                return self[place]
            }
        }
        return nil
    }

    /// The same walk among the pieces of some numbers, while `look` returns true. Returns whether
    /// all of them were visited.
    @discardableResult
    mutating func walk(
        _ chance: inout Chance, ofNumbers numbers: Range<Int> = 0..<Int.max,
        _ look: (PieceIndex) -> Bool
    ) -> Bool {
        first(&chance, ofNumbers: numbers) { !look($0) } == nil
    }

    private mutating func sort() {
        changes = 0
        guard !isSorted else { return }
        isSorted = true
        starts = [Int](repeating: 0, count: Int(numbers.max() ?? 0) + 2)
        for piece in numbers.indices where places[piece] != Self.absent {
            starts[Int(numbers[piece]) + 1] += 1
        }
        for number in 1..<starts.count { starts[number] += starts[number - 1] }
        order = [UInt32](repeating: 0, count: count)
        var next = starts
        for piece in numbers.indices where places[piece] != Self.absent {
            let place = next[Int(numbers[piece])]
            next[Int(numbers[piece])] += 1
            order[place] = UInt32(piece)
            places[piece] = UInt32(place)
        }
    }

    /// Whether the next change has to be made in the order too. After as many changes as there are
    /// pieces, sorting again costs less.
    private mutating func keepsOrder() -> Bool {
        guard isSorted else { return false }
        changes += 1
        isSorted = changes <= numbers.count
        return isSorted
    }

    /// Numbers stop at the highest value, and a piece that got there keeps it, because the true
    /// number is unknown from then on.
    static let numberMax = Int(UInt16.max)

    mutating func raise(_ piece: PieceIndex) {
        let number = Int(numbers[Int(piece.raw)])
        guard number < Self.numberMax else { return }
        numbers[Int(piece.raw)] += 1
        guard keepsOrder(), places[Int(piece.raw)] != Self.absent else { return }
        if number + 1 == bucketCount { starts.append(order.count) }
        swap(Int(places[Int(piece.raw)]), starts[number + 1] - 1)
        starts[number + 1] -= 1
    }

    mutating func lower(_ piece: PieceIndex) {
        let number = Int(numbers[Int(piece.raw)])
        guard number > 0, number < Self.numberMax else { return }
        numbers[Int(piece.raw)] -= 1
        guard keepsOrder(), places[Int(piece.raw)] != Self.absent else { return }
        swap(Int(places[Int(piece.raw)]), starts[number])
        starts[number] += 1
    }

    mutating func insert(_ piece: PieceIndex) {
        guard places[Int(piece.raw)] == Self.absent else { return }
        count += 1
        guard keepsOrder() else {
            places[Int(piece.raw)] = 0
            return
        }
        let number = Int(numbers[Int(piece.raw)])
        while bucketCount <= number { starts.append(order.count) }
        places[Int(piece.raw)] = UInt32(order.count)
        order.append(piece.raw)
        starts[bucketCount] += 1
        // The piece moves from the end to its bucket, across the borders in between.
        for border in stride(from: bucketCount - 1, to: number, by: -1) {
            swap(Int(places[Int(piece.raw)]), starts[border])
            starts[border] += 1
        }
    }

    mutating func remove(_ piece: PieceIndex) {
        guard places[Int(piece.raw)] != Self.absent else { return }
        count -= 1
        if keepsOrder() {
            for border in (Int(numbers[Int(piece.raw)]) + 1)..<starts.count {
                swap(Int(places[Int(piece.raw)]), starts[border] - 1)
                starts[border] -= 1
            }
            order.removeLast()
        }
        places[Int(piece.raw)] = Self.absent
    }

    private mutating func swap(_ one: Int, _ other: Int) {
        guard one != other else { return }
        order.swapAt(one, other)
        places[Int(order[one])] = UInt32(one)
        places[Int(order[other])] = UInt32(other)
    }

    func checkInvariants() {
        precondition(places.count { $0 != Self.absent } == count, "the count of members drifted")
        guard isSorted else { return }
        precondition(order.count == count, "not every member once")
        precondition(starts.last == order.count, "the last bucket does not end the order")
        for number in 0..<bucketCount {
            for place in bucket(number) {
                precondition(Int(numbers[Int(order[place])]) == number, "in a wrong bucket")
                precondition(Int(places[Int(order[place])]) == place, "a place drifted")
            }
        }
    }
}
