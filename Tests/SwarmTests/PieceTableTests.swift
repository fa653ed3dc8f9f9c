import Testing
import Vocabulary

@testable import Swarm

@Suite struct PieceTableTests {
    @Test(arguments: [1, 63, 64, 65, 200])
    func itIsAsManySets(pieceCount: Int) {
        var table = PieceTable(pieceCount: pieceCount)
        var sets: [PieceSet] = []
        var chance = Chance(seed: UInt64(pieceCount))
        for _ in 0..<2000 {
            if sets.isEmpty || chance.below(50) == 0 {
                table.appendRow()
                sets.append(PieceSet(none: pieceCount))
            } else if chance.below(70) == 0 {
                let row = chance.below(sets.count)
                table.removeRow(row)
                sets.remove(at: row)
            } else {
                let row = chance.below(sets.count)
                let piece = PieceIndex(chance.below(pieceCount))
                #expect(table.contains(piece, in: row) == sets[row].contains(piece))
                #expect(table.insert(piece, in: row) == sets[row].insert(piece))
            }
        }
        for row in sets.indices { #expect(table.pieces(in: row) == sets[row]) }
    }
}
