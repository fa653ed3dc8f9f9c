import Testing
import Vocabulary
import Wire

@testable import Swarm

/// The classic picker: pieces in order from an origin, sources in turn.
struct RoundRobinTests {
    @Test(arguments: 0..<8)
    func oneSourceGivesEveryPieceOnceFromTheOriginOn(origin: Int) {
        var board = Board("........", "########")
        board.begin(at: origin)
        #expect(board.takeAll(.roundRobin) == (0..<8).map { ($0 + origin) % 8 })
    }

    @Test func piecesThatAreHeldOrInFlightAreSkipped() {
        var board = Board(".#.-..", "######")
        board.begin(at: 2)
        #expect(board.takeAll(.roundRobin) == [2, 4, 5, 0])
    }

    /// Piece i from source i mod n, to the piece.
    @Test(arguments: 1...5)
    func seedsShareTheFileEvenly(sourceCount: Int) {
        var board = Board("....................")
        for _ in 0..<sourceCount { board.add(String(repeating: "#", count: 20)) }
        var asked = [Int](repeating: 0, count: sourceCount)
        var taken: Set<Int> = []
        for turn in 0..<20 {
            let source = turn % sourceCount
            guard let piece = board.take(.roundRobin, source: source) else { continue }
            asked[source] += 1
            #expect(taken.insert(piece).inserted)
        }
        #expect(taken.count == 20)
        #expect((asked.max() ?? 0) - (asked.min() ?? 0) <= 1)
    }

    @Test func aPartialHolderTakesItsTurnForItsPieces() {
        var board = Board("......", "######", "#.....")
        board.change(0) { $0.asked = 3 }
        #expect(board.pick(.roundRobin, source: 1) == 0)
        #expect(board.pick(.roundRobin, source: 0) == 1)
        #expect(board.takeAll(.roundRobin, source: 1) == [0])
    }

    /// A source that makes offers has no turn, but it is asked when it offers nothing.
    @Test func aSourceWithoutOffersIsAskedForItsPieces() {
        var board = Board("......", "##.##.")
        board.begin(at: 3)
        board.turn(0, to: .offering)
        #expect(board.takeAll(.roundRobin) == [3, 4, 0, 1])
    }

    @Test func aSourceThatMayNotBeAskedHasNoTurn() {
        var board = Board("....", "####", "####")
        board.change(0) { $0.stance = .choked }
        #expect(board.pick(.roundRobin, source: 0) == nil)
        #expect(board.pick(.roundRobin, source: 1) == 0)
        board.change(0) { $0.stance = .open }
        #expect(board.pick(.roundRobin, source: 0) == 0)
        board.change(0) { $0.snubbedUntil = .zero + .seconds(3) }
        #expect(board.pick(.roundRobin, source: 0) == nil)
        #expect(board.pick(.roundRobin, source: 0, now: .zero + .seconds(3)) == 0)
        board.change(0) { $0.trust = .lost }
        #expect(board.pick(.roundRobin, source: 0, now: .zero + .seconds(3)) == nil)
    }

    /// Otherwise the first of several seeds to answer would serve more than its part.
    @Test func aSourceThatHasNotAnsweredKeepsItsTurns() {
        var board = Board("......", "######", "######", "######")
        board.turn(1, to: .choked)
        board.change(1) { $0.isAwaited = true }
        #expect(board.take(.roundRobin, source: 0) == 0)
        #expect(board.take(.roundRobin, source: 2) == 2)
        #expect(board.take(.roundRobin, source: 0) == nil)
        #expect(board.take(.roundRobin, source: 2) == nil)
        board.turn(1, to: .open)
        #expect(board.take(.roundRobin, source: 1) == 1)
        #expect(board.take(.roundRobin, source: 0) == 3)
    }

    /// No more pieces than that are visited; the rest wait for the next answer. Every second piece
    /// is the turn of the first of two sources, which holds everything.
    @Test func theSearchIsBounded() {
        let count = 2 * RoundRobin.lookaheadMax + 2
        let even = String(repeating: "#.", count: RoundRobin.lookaheadMax)
        var board = Board(
            String(repeating: ".", count: count), String(repeating: "#", count: count),
            even + ".#")
        #expect(board.pick(.roundRobin, source: 1) == nil)
        #expect(board.take(.roundRobin, source: 0) == 0)
        #expect(board.pick(.roundRobin, source: 1) == 2)
    }

    /// Boards of a word of pieces and a bit, with sources of every kind.
    @Test(arguments: UInt64(1)...60)
    func turnsAreThoseThatASearchOfEachPieceFinds(seed: UInt64) {
        var chance = Chance(seed: seed)
        let count = 60 + chance.below(10)
        var board = Board(drawn(count, of: [".", ".", "#", "-"], &chance))
        for source in 0..<1 + chance.below(6) {
            let isSeed = chance.below(3) == 0
            board.add(isSeed ? drawn(count, of: ["#"], &chance) : drawn(count, &chance))
            if chance.below(5) == 0 { board.turn(source, to: .choked) }
            let (asked, isAwaited, isLate) =
                (chance.below(4), chance.below(4) == 0, chance.below(6) == 0)
            board.change(source) {
                $0.asked = asked
                $0.isAwaited = isAwaited
                $0.snubbedUntil = isLate ? .never : .zero
            }
        }
        board.begin(at: chance.below(count))
        for _ in 0..<count {
            let transfer = board.transfer
            let expected = transfer.sources.indices.map { Self.naivePiece(for: $0, in: transfer) }
            #expect(
                transfer.sources.indices.map { board.pick(.roundRobin, source: $0.position) }
                    == expected)
            let source = chance.below(transfer.sources.count)
            guard board.take(.roundRobin, source: source) != nil else { continue }
        }
    }

    private func drawn(
        _ count: Int, of marks: [String] = [".", "#"], _ chance: inout Chance
    ) -> String {
        (0..<count).map { _ in marks[chance.below(marks.count)] }.joined()
    }

    /// Looks at one piece after another, and at every source for each.
    private static func naivePiece(for source: SourceIndex, in transfer: Transfer) -> Int? {
        let (count, origin) = (transfer.board.queued.capacity, transfer.board.origin)
        return (0..<count).map { ($0 + origin) % count }.first { position in
            let piece = PieceIndex(position)
            guard transfer.board.queued.contains(piece) else { return false }
            let sources = transfer.sources.indices.map { SourceIndex($0.position) }
            let turns = sources.indices.map {
                sources[(position + $0) % sources.count]
            }.filter {
                let row = transfer.sources[$0]
                return (row.isAwaited || row.isAskable(now: .zero))
                    && transfer.sources.holds(piece, $0)
            }
            return turns.min { transfer.sources[$0].asked < transfer.sources[$1].asked } == source
        }
    }

    /// The picker is asked once for each piece and once in vain, however many sources wait.
    @Test func aFullWindowEndsTheSearch() {
        var board = Board("....................")
        for _ in 0..<5 { board.add("####################") }
        let next = { (board: Board, full: Set<Int>) -> [Int]? in
            RoundRobin.next(in: board.transfer, now: .zero) { !full.contains($0.position) }
                .map { [$0.source.position, $0.piece.position] }
        }
        #expect(next(board, []) == [0, 0])
        #expect(next(board, [0, 1]) == [2, 2], "what is before it is kept for them")
        #expect(next(board, [0, 1, 2, 3, 4]) == nil)
        for source in 0..<5 { board.change(source) { $0.asked = source } }
        #expect(next(board, []) == [0, 0])
        #expect(next(board, [0]) == nil, "the next piece is the turn of a source that is full")
    }
}
