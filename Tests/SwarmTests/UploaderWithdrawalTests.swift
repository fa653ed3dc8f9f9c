import Testing
import Vocabulary
import Wire

@testable import Swarm

/// Contents that go and come, and an uploader that is away for a while.
struct UploaderWithdrawalTests {
    private static var all: PieceSet { PieceSet(all: 4) }

    private static func serving() throws -> Desk {
        var desk = Desk(4) { $0.serving = .onRequest }
        try desk.meet(1, "#...")
        return desk
    }

    @Test func aWithdrawnContentIsRefused() throws {
        var desk = try Self.serving()
        try desk.request(1, 1, from: 1)
        desk.note(.contentGone(Desk.content))
        #expect(desk.drain() == [.nack(1, 1, .noSuchContent, to: 1)])
        try desk.request(2, 2, from: 1)
        #expect(desk.drain() == [.nack(2, 2, .notHeld, to: 1)])
    }

    @Test func aReturnedContentIsServed() throws {
        var desk = try Self.serving()
        desk.note(.contentGone(Desk.content))
        desk.reopen(held: Self.all)
        try desk.meet(1, "#...")
        _ = desk.drain()
        try desk.request(2, 2, from: 1)
        #expect(desk.stepReading().contains(.ack(2, 2, to: 1)))
    }

    @Test func aSendUnderWayIsFinished() throws {
        var desk = try Self.serving()
        try desk.request(1, 1, from: 1)
        #expect(desk.stepReading().contains(.ack(1, 1, to: 1)))
        desk.note(.contentGone(Desk.content))
        #expect(desk.drain() == [])
        desk.sent(1, to: 1)
    }

    @Test func anUploaderThatIsAwayServesNoRank() throws {
        var desk = try Self.serving()
        try desk.request(1, 1, from: 1)
        desk.note(.away)
        #expect(
            desk.drain() == [
                .nack(1, 1, .shuttingDown, to: 1), .send(.gone, to: 1, tail: []),
            ])
        try desk.request(1, 2, from: 1)
        #expect(desk.drain() == [.nack(1, 2, .shuttingDown, to: 1)])
        try desk.hear(.piecesQuery(Desk.content, first: 0, count: 4), tail: [0], from: 2)
        #expect(desk.drain() == [.send(.gone, to: 2, tail: [])])
        desk.note(.back)
        try desk.request(1, 3, from: 1)
        #expect(desk.stepReading().contains(.ack(1, 3, to: 1)))
        #expect(!desk.uploader.isOver)
    }

    private static func other(_ number: Int) -> ContentID {
        ContentID(high: 8, low: UInt64(number))
    }

    private static func open(_ content: ContentID, in desk: inout Desk) throws {
        let geometry = try #require(
            Geometry(total: ByteCount(20), pieceLength: ByteCount(10)))
        desk.note(.contentOpened(content, geometry, held: PieceSet(all: 2)))
    }

    /// A growing file is a new content each time.
    @Test func manyContentsInTurnTakeOnePlace() throws {
        var desk = try Self.serving()
        for number in 0..<100 {
            try Self.open(Self.other(number), in: &desk)
            try desk.hear(
                .piecesQuery(Self.other(number), first: 0, count: 2), tail: [0], from: 2)
            try desk.hear(.interested(Self.other(number)), from: 2)
            desk.note(.contentGone(Self.other(number)))
            // The neighbour may not know of that yet.
            try desk.hear(
                .piecesQuery(Self.other(number), first: 0, count: 2), tail: [0], from: 2)
            try desk.hear(.interested(Self.other(number)), from: 2)
        }
        #expect(desk.uploader.contents.count == 2)
        _ = desk.drain()
        try desk.request(2, 2, from: 1)
        #expect(desk.stepReading().contains(.ack(2, 2, to: 1)))
    }

    @Test func thePlaceOfAContentThatIsBeingSentIsNotTaken() throws {
        var desk = try Self.serving()
        try desk.request(1, 1, from: 1)
        #expect(desk.stepReading().contains(.ack(1, 1, to: 1)))
        desk.note(.contentGone(Desk.content))
        try Self.open(Self.other(1), in: &desk)
        #expect(desk.uploader.contents.count == 2)
        desk.sent(1, to: 1)
        try Self.open(Self.other(2), in: &desk)
        #expect(desk.uploader.contents.count == 2)
        desk.reopen(held: Self.all)
        try desk.meet(1, "#...")
        _ = desk.drain()
        try desk.request(2, 2, from: 1)
        #expect(desk.stepReading().contains(.ack(2, 2, to: 1)))
    }
}
