import Testing
import Vocabulary
import Wire

@testable import Swarm

/// Whoever has everything leaves when nobody needs what it alone has.
struct UploaderPartingTests {
    /// An uploader that has got three pieces, and its neighbours, by what they hold.
    private static func desk(_ boards: String...) throws -> Desk {
        var desk = Desk(3, owned: false) { $0.serving = .titForTat }
        desk.store(0, 1, 2)
        for (number, board) in boards.enumerated() {
            try desk.meet(Int32(number + 1), board, isInterested: board.contains("."))
        }
        _ = desk.stepReading()
        return desk
    }

    private static func parts(_ desk: inout Desk) -> Bool {
        desk.stepReading().contains(.tell(.dispensable))
    }

    /// It is ready, and everybody has had time to say what they need.
    private static func makeReady(_ desk: inout Desk) {
        desk.note(.ready)
        desk.step()
        #expect(!desk.drain().contains(.tell(.dispensable)), "nobody could have said anything")
        desk.pass(.seconds(1))
    }

    @Test(arguments: [[], ["###"], ["##.", ".##", "#.#"], ["##.", "###", "..#"]])
    func whoeverHasNothingThatOthersLackLeavesAtOnce(boards: [String]) throws {
        var desk = try Self.desk()
        for (number, board) in boards.enumerated() {
            try desk.meet(Int32(number + 1), board, isInterested: board.contains("."))
        }
        Self.makeReady(&desk)
        #expect(Self.parts(&desk))
        #expect(!Self.parts(&desk), "it is said once")
    }

    /// The one that has all of it is about to leave too.
    @Test func aPieceThatOnlyTheDoneHaveKeepsThem() throws {
        var desk = try Self.desk("##.", "#..", "###")
        Self.makeReady(&desk)
        #expect(!Self.parts(&desk))
        desk.note(.neighbourGot(Rank(2), PieceHandful(PieceIndex(2)), of: Desk.content))
        #expect(Self.parts(&desk), "the second has it and stays")
    }

    @Test func whoeverHasGotThePieceFromUsTellsNobody() throws {
        var desk = try Self.desk("##.", "#..")
        Self.makeReady(&desk)
        #expect(!Self.parts(&desk))
        try desk.request(2, 7, from: 2)
        #expect(!Self.parts(&desk))
        desk.sent(7, to: 2)
        #expect(desk.drain().contains(.tell(.dispensable)), "the second still lacks another")
    }

    @Test func nobodyIsWaitedForThatIsGoneOrDone() throws {
        var desk = try Self.desk("##.", "#..")
        Self.makeReady(&desk)
        try desk.hear(.notInterested(Desk.content), from: 1)
        #expect(!Self.parts(&desk))
        desk.note(.neighbourGone(Rank(2)))
        #expect(Self.parts(&desk))
    }

    /// It may be dead, and nobody says so.
    @Test func whoeverNeverAsksIsNotWaitedForForEver() throws {
        var desk = try Self.desk("##.")
        Self.makeReady(&desk)
        desk.pass(.seconds(58))
        #expect(!desk.drain().contains(.tell(.dispensable)))
        desk.pass(.seconds(1))
        #expect(desk.drain().contains(.tell(.dispensable)))
    }

    @Test func whoeverServesToTheEndIsNotAsked() throws {
        var desk = try Self.desk("###")
        #expect(!Self.parts(&desk))
    }
}
