import Testing
import Vocabulary

@testable import Swarm

struct RequestTableTests {
    private let transfer = TransferIndex(0)

    private func ask(
        _ table: inout RequestTable, _ piece: Int, of transfer: Int = 0, from source: Int32
    ) -> RequestNumber {
        table.add(
            PieceIndex(piece), of: TransferIndex(transfer), from: Rank(source), now: .zero,
            isOffered: source == 2
        ).number
    }

    @Test func noNumberIsGivenTwice() {
        var table = RequestTable()
        let first = ask(&table, 0, from: 1)
        table.remove(at: RequestIndex(0))
        let second = ask(&table, 0, from: 1)
        #expect(first != second && table.row(of: first) == nil)
        #expect(table.row(of: second) == RequestIndex(0))
    }

    @Test func onlyTheAskedSourceCanAnswer() {
        var table = RequestTable()
        let number = ask(&table, 3, from: 1)
        #expect(table.row(of: number, for: 3, from: Rank(1)) == RequestIndex(0))
        #expect(table.row(of: number, for: 3, from: Rank(2)) == nil)
        #expect(table.row(of: number, for: 4, from: Rank(1)) == nil)
    }

    @Test func aLateRequestIsOwedOnceItIsPromised() {
        var table = RequestTable()
        _ = ask(&table, 0, from: 1)
        _ = ask(&table, 1, from: 2)
        _ = ask(&table, 0, of: 1, from: 1)
        #expect(table.underWay(transfer, at: Rank(1)) == 1 && table.offeredCount == 1)
        table[RequestIndex(0)].stage = .late
        #expect(table.underWay(transfer, at: Rank(1)) == 0)
        #expect(table.isLateSomewhere(transfer, PieceIndex(0)))
        #expect(table.lateCount(transfer, at: Rank(1)) == 1)
        #expect(table.owedCount(transfer, at: Rank(1)) == 0)
        table[RequestIndex(0)].acknowledgedAt = .zero
        #expect(table.owedCount(transfer, at: Rank(1)) == 1)
        #expect(table.lateCount(TransferIndex(1), at: Rank(1)) == 0)
    }

    @Test func aReturnedBufferEndsOnlyAWithdrawnRequest() {
        var table = RequestTable()
        let number = ask(&table, 0, from: 1)
        table.withdrawn(number)
        #expect(table.awaits(transfer))
        table[RequestIndex(0)].stage = .withdrawn
        #expect(table.has(transfer) && !table.awaits(transfer))
        table.withdrawn(number)
        #expect(!table.has(transfer))
    }
}
