import Testing
import Vocabulary
import Wire

@testable import Swarm

/// A rank that has everything leaves when no other needs pieces that only it has.
struct UploaderPartingTests {
    /// An uploader that has got three pieces, and its neighbours, with the pieces that they hold.
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

    /// It is ready, and all neighbours have had time to report what they need.
    private static func makeReady(_ desk: inout Desk) {
        desk.note(.ready)
        desk.step()
        #expect(!desk.drain().contains(.tell(.dispensable)), "no neighbour can have reported yet")
        desk.pass(.seconds(1))
    }

    @Test(arguments: [[], ["###"], ["##.", ".##", "#.#"], ["##.", "###", "..#"]])
    func aRankWithoutNeededPiecesLeavesAtOnce(boards: [String]) throws {
        var desk = try Self.desk()
        for (number, board) in boards.enumerated() {
            try desk.meet(Int32(number + 1), board, isInterested: board.contains("."))
        }
        Self.makeReady(&desk)
        #expect(Self.parts(&desk))
        #expect(!Self.parts(&desk), "it is reported once")
    }

    /// The neighbour that has all pieces is about to leave too.
    @Test func aPieceThatOnlyFinishedRanksHaveKeepsThem() throws {
        var desk = try Self.desk("##.", "#..", "###")
        Self.makeReady(&desk)
        #expect(!Self.parts(&desk))
        desk.note(.neighbourGot(Rank(2), PieceHandful(PieceIndex(2)), of: Desk.content))
        #expect(Self.parts(&desk), "the second has it and stays")
    }

    @Test func aReceiverDoesNotAnnounceAPieceToItsSender() throws {
        var desk = try Self.desk("##.", "#..")
        Self.makeReady(&desk)
        #expect(!Self.parts(&desk))
        try desk.request(2, 7, from: 2)
        #expect(!Self.parts(&desk))
        desk.sent(7, to: 2)
        #expect(desk.drain().contains(.tell(.dispensable)), "the second still lacks another")
    }

    @Test func ranksThatAreGoneOrDoneAreNotWaitedFor() throws {
        var desk = try Self.desk("##.", "#..")
        Self.makeReady(&desk)
        try desk.hear(.notInterested(Desk.content), from: 1)
        #expect(!Self.parts(&desk))
        desk.note(.neighbourGone(Rank(2)))
        #expect(Self.parts(&desk))
    }

    /// The neighbour may be dead, and no rank reports it.
    @Test func aNeighbourThatNeverAsksIsNotWaitedForForEver() throws {
        var desk = try Self.desk("##.")
        Self.makeReady(&desk)
        desk.pass(.seconds(58))
        #expect(!desk.drain().contains(.tell(.dispensable)))
        desk.pass(.seconds(1))
        #expect(desk.drain().contains(.tell(.dispensable)))
    }

    @Test func aRankThatServesToTheEndDoesNotPart() throws {
        var desk = try Self.desk("###")
        #expect(!Self.parts(&desk))
    }
}
