import Testing
import Vocabulary

@testable import Swarm

/// The pieces that are requested from a source.
struct PickerTests {
    /// Random boards: each picked piece is queued, and the source holds it.
    @Test(arguments: PickerChoice.allCases)
    func pickedPiecesAreQueuedAndHeld(picker: PickerChoice) {
        var chance = Chance(seed: 77)
        var picks = 0
        for _ in 0..<400 {
            let pieceCount = 1 + chance.below(90)
            let pieces = Self.draw("#-.", pieceCount, &chance)
            let sources = (0..<3).map { _ in Self.draw("#.", pieceCount, &chance) }
            var board = Board(pieces, sources[0], sources[1], sources[2])
            for source in 0..<3 {
                guard let piece = board.pick(picker, source: source) else { continue }
                picks += 1
                #expect(Array(pieces)[piece] == ".")
                #expect(Array(sources[source])[piece] == "#")
            }
        }
        #expect(picks > 400)
    }

    private static func draw(_ marks: String, _ count: Int, _ chance: inout Chance) -> String {
        String((0..<count).map { _ in Array(marks)[chance.below(marks.count)] })
    }

    @Test(arguments: [PickerChoice.rarestFirst, .sequential, .random])
    func anAvailablePieceIsFound(picker: PickerChoice) {
        for piece in 0..<70 {
            var drawn = [Character](repeating: ".", count: 70)
            drawn[piece] = "#"
            var board = Board(String(repeating: ".", count: 70), String(drawn))
            #expect(board.takeAll(picker) == [piece])
        }
    }

    @Test(arguments: PickerChoice.allCases)
    func nothingIsPickedIfNothingIsAvailable(picker: PickerChoice) {
        for (pieces, source) in [("####", "####"), ("#-#-", "####"), ("..##", "..##"), ("", "")] {
            var board = Board(pieces, source)
            #expect(board.pick(picker) == nil)
        }
    }

    @Test func rarestComesFirstOnceFourAreHere() {
        // Held by two, two, one and two sources; the last four pieces are here already.
        for seed in UInt64(0)..<50 {
            var board = Board("....####", "####....", "##.#....", "........")
            board.chance = Chance(seed: seed)
            #expect(board.pick(.rarestFirst) == 2)
        }
    }

    @Test func seedsDoNotCountAsHolders() {
        for seed in UInt64(0)..<50 {
            var board = Board("...####", "#######", "##.....", "#######")
            board.chance = Chance(seed: seed)
            #expect(board.pick(.rarestFirst) == 2)
        }
    }

    @Test func tiesAmongTheRarestAreRandom() {
        var counts = [Int](repeating: 0, count: 9)
        var board = Board(".....####", "####.....", "#........")
        for _ in 0..<900 {
            if let piece = board.pick(.rarestFirst) { counts[piece] += 1 }
        }
        #expect(counts[0] == 0 && counts[4...].allSatisfy { $0 == 0 })
        for piece in 1...3 { #expect(counts[piece] > 200) }
    }

    /// With fewer than four pieces any piece is good, not only the rarest.
    @Test func theFirstFourAreTakenAtRandom() {
        for had in 0...4 {
            let pieces = "......" + String(repeating: "#", count: had)
            let some = String(repeating: ".", count: had)
            var found: Set<Int> = []
            var board = Board(pieces, "######" + some, ".#####" + some)
            for _ in 0..<300 { if let piece = board.pick(.rarestFirst) { found.insert(piece) } }
            #expect(found == (had < 4 ? Set(0..<6) : [0]))
        }
    }

    @Test func sequentialTakesTheLowestPiece() {
        var board = Board("..#.-...", "#.######")
        #expect(board.takeAll(.sequential) == [0, 3, 5, 6, 7])
    }

    @Test func randomReachesEveryPiece() {
        var board = Board("..#.-...", "#.######")
        var found: Set<Int> = []
        for _ in 0..<400 { if let piece = board.pick(.random) { found.insert(piece) } }
        #expect(found == [0, 3, 5, 6, 7])
        #expect(Set(board.takeAll(.random)) == [0, 3, 5, 6, 7])
    }
}
