import Testing
import Vocabulary

@testable import Swarm

@Suite struct PieceTableTests {
    @Test(arguments: [1, 63, 64, 65, 200])
    func aTableEqualsSeparateSets(pieceCount: Int) {
        var table = PieceTable(pieceCount: pieceCount)
        var sets: [PieceSet] = []
        var chance = Chance(seed: UInt64(pieceCount))
        for _ in 0..<2000 {
            if sets.isEmpty || chance.below(50) == 0 {
                let isFull = chance.below(2) == 0
                table.appendRow(isFull: isFull)
                sets.append(isFull ? PieceSet(all: pieceCount) : PieceSet(none: pieceCount))
            } else if chance.below(70) == 0 {
                let row = chance.below(sets.count)
                table.removeRow(row)
                sets.remove(at: row)
            } else {
                let row = chance.below(sets.count)
                let piece = PieceIndex(chance.below(pieceCount))
                #expect(table.contains(piece, in: row) == sets[row].contains(piece))
                let isNew = sets[row].insert(piece)
                #expect(table.insert(piece, in: row) == isNew)
                let other = PieceIndex(chance.below(pieceCount))
                let wasThere = sets[row].remove(other)
                #expect(table.remove(other, in: row) == wasThere)
                Self.compareFirst(table, sets, row, &chance)
            }
        }
        for row in sets.indices { #expect(table.pieces(in: row) == sets[row]) }
    }

    private static func compareFirst(
        _ table: PieceTable, _ sets: [PieceSet], _ row: Int, _ chance: inout Chance
    ) {
        let start = chance.below(sets[row].capacity + 1)
        let other = sets[chance.below(sets.count)]
        #expect(
            table.first(from: start, of: other, notIn: row)
                == other.first(from: start, notIn: sets[row]))
        #expect(
            table.first(from: start, of: other, in: row)
                == sets[row].first(from: start, in: other))
    }
}
