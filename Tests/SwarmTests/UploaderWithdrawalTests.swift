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

    @Test func whatIsGoneIsRefused() throws {
        var desk = try Self.serving()
        try desk.request(1, 1, from: 1)
        desk.note(.contentGone(Desk.content))
        #expect(desk.drain() == [.nack(1, 1, .noSuchContent, to: 1)])
        try desk.request(2, 2, from: 1)
        #expect(desk.drain() == [.nack(2, 2, .notHeld, to: 1)])
    }

    @Test func whatIsHereAgainIsServed() throws {
        var desk = try Self.serving()
        desk.note(.contentGone(Desk.content))
        desk.reopen(held: Self.all)
        try desk.meet(1, "#...")
        _ = desk.drain()
        try desk.request(2, 2, from: 1)
        #expect(desk.stepReading().contains(.ack(2, 2, to: 1)))
    }

    @Test func whatIsBeingSentIsSent() throws {
        var desk = try Self.serving()
        try desk.request(1, 1, from: 1)
        #expect(desk.stepReading().contains(.ack(1, 1, to: 1)))
        desk.note(.contentGone(Desk.content))
        #expect(desk.drain() == [])
        desk.sent(1, to: 1)
    }

    @Test func whoIsAwayServesNobody() throws {
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
}
