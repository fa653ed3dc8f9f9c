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

    @Test func whatIsHadOrInFlightIsPassedOver() {
        var board = Board(".#.-..", "######")
        board.begin(at: 2)
        #expect(board.takeAll(.roundRobin) == [2, 4, 5, 0])
    }

    /// Piece i of source i mod n, to the piece.
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

    @Test func aPartialHolderTakesItsTurnForWhatItHas() {
        var board = Board("......", "######", "#.....")
        board.change(0) { $0.asked = 3 }
        #expect(board.pick(.roundRobin, source: 1) == 0)
        #expect(board.pick(.roundRobin, source: 0) == 1)
        #expect(board.takeAll(.roundRobin, source: 1) == [0])
    }

    /// Whoever offers has no turn, but when it offers nothing it is asked all the same.
    @Test func whoOffersNothingIsAskedForWhatItHolds() {
        var board = Board("......", "##.##.")
        board.begin(at: 3)
        board.turn(0, to: .offering)
        #expect(board.takeAll(.roundRobin) == [3, 4, 0, 1])
    }

    @Test func whoMayNotBeAskedHasNoTurn() {
        var board = Board("....", "####", "####")
        board.change(0) { $0.stance = .choked }
        #expect(board.pick(.roundRobin, source: 0) == nil)
        #expect(board.pick(.roundRobin, source: 1) == 0)
        board.change(0) { $0.stance = .open }
        #expect(board.pick(.roundRobin, source: 0) == 0)
        board.change(0) { $0.snubbedUntil = .zero + .seconds(3) }
        #expect(board.pick(.roundRobin, source: 0) == nil)
        #expect(board.pick(.roundRobin, source: 0, now: .zero + .seconds(3)) == 0)
        board.change(0) { $0.isDistrusted = true }
        #expect(board.pick(.roundRobin, source: 0, now: .zero + .seconds(3)) == nil)
    }

    /// Else the first of several seeds to answer would serve more than its part.
    @Test func whoHasNotAnsweredYetKeepsItsTurns() {
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

    /// No more pieces are looked at than that; the rest wait for the next answer.
    @Test func theLookIsBounded() {
        let count = RoundRobin.lookaheadMax + 50
        let others = String(repeating: "#", count: RoundRobin.lookaheadMax)
        let last = String(repeating: ".", count: RoundRobin.lookaheadMax)
        var board = Board(
            String(repeating: ".", count: count), others + String(repeating: ".", count: 50),
            last + String(repeating: "#", count: 50))
        #expect(board.pick(.roundRobin, source: 1) == nil)
        #expect(board.take(.roundRobin, source: 0) == 0)
        #expect(board.pick(.roundRobin, source: 1) == RoundRobin.lookaheadMax)
    }
}
