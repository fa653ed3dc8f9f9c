import Testing
import Vocabulary
import Wire

@testable import Swarm

struct SourceTableTests {
    /// Rank 1 is a seed, rank 2 holds pieces 0 and 1 of four; nothing is here.
    private func table() -> SourceTable {
        var table = SourceTable(members: MemberList(seeds: [], peers: []), pieceCount: 4)
        table.add(Rank(1), isSeed: true, stance: .open, missing: 4)
        table.add(Rank(2), isSeed: false, stance: .choked, missing: 4)
        for piece in 0..<2 {
            let isNews = table.noteHolds(SourceIndex(1), PieceIndex(piece), isMissing: true)
            #expect(isNews)
        }
        table.checkInvariants(have: PieceSet(none: 4))
        return table
    }

    private func interests(_ table: inout SourceTable, isFetching: Bool = true) -> [String] {
        var changes: [String] = []
        while let change = table.nextInterest(isFetching: isFetching) {
            changes.append("\(change.source.raw)\(change.isInterested ? "+" : "-")")
        }
        return changes.sorted()
    }

    @Test func aSourceIsOfInterestWhileItHoldsMissingPieces() {
        var table = table()
        #expect(interests(&table) == ["1+", "2+"])
        table.got(PieceIndex(0))
        #expect(interests(&table) == [])
        table.got(PieceIndex(1))
        #expect(interests(&table) == ["2-"])
        table.lost(PieceIndex(1))
        #expect(interests(&table) == ["2+"])
        #expect(interests(&table, isFetching: false) == ["1-", "2-"])
    }

    @Test func aSourceThatMakesOffersIsInformedOfInterestOnce() {
        var table = table()
        table.turn(SourceIndex(1), to: .offering)
        #expect(interests(&table) == ["1+", "2+"])
        table.got(PieceIndex(0))
        table.got(PieceIndex(1))
        #expect(interests(&table) == [], "it knows that from what is announced")
        table.distrust(SourceIndex(1))
        #expect(interests(&table) == ["2-"])
    }

    @Test func rowsMoveUpWhenOneIsRemoved() {
        var table = table()
        for piece in 0..<4 {
            let isNews = table.noteLacks(SourceIndex(0), PieceIndex(piece), isMissing: true)
            #expect(isNews)
        }
        table.turn(SourceIndex(0), to: .choked)
        table.remove(SourceIndex(0))
        table.checkInvariants(have: PieceSet(none: 4))
        #expect(table.place(of: Rank(1)) == nil)
        #expect(table.place(of: Rank(2)) == SourceIndex(0))
        #expect(table.holds(PieceIndex(1), SourceIndex(0)))
        #expect(!table.holds(PieceIndex(2), SourceIndex(0)))
        #expect(table.openCount == 0)
    }

    @Test func turnsGoRound() {
        var table = table()
        let turns = (0..<5).map { _ in table.nextTurn().position }
        #expect(turns == [0, 1, 0, 1, 0])
    }
}
