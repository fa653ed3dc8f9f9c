import Testing
import Vocabulary
import Wire

@testable import Swarm

/// Contents that go and come, and an uploader that is away for a while.
struct UploaderWithdrawalTests {
    private static var all: PieceSet { PieceSet(all: 4) }

    private static func serving() throws -> UploaderFixture {
        var fixture = UploaderFixture(4) { $0.serving = .onRequest }
        try fixture.meet(1, "#...")
        return fixture
    }

    @Test func aWithdrawnContentIsRefused() throws {
        var fixture = try Self.serving()
        try fixture.request(1, 1, from: 1)
        fixture.note(.contentGone(UploaderFixture.content))
        #expect(fixture.drain() == [.nack(1, 1, .noSuchContent, to: 1)])
        try fixture.request(2, 2, from: 1)
        #expect(fixture.drain() == [.nack(2, 2, .notHeld, to: 1)])
    }

    @Test func aReturnedContentIsServed() throws {
        var fixture = try Self.serving()
        fixture.note(.contentGone(UploaderFixture.content))
        fixture.reopen(held: Self.all)
        try fixture.meet(1, "#...")
        _ = fixture.drain()
        try fixture.request(2, 2, from: 1)
        #expect(fixture.stepReading().contains(.ack(2, 2, to: 1)))
    }

    @Test func aSendUnderWayIsFinished() throws {
        var fixture = try Self.serving()
        try fixture.request(1, 1, from: 1)
        #expect(fixture.stepReading().contains(.ack(1, 1, to: 1)))
        fixture.note(.contentGone(UploaderFixture.content))
        #expect(fixture.drain() == [])
        fixture.sent(1, to: 1)
    }

    @Test func anUploaderThatIsAwayServesNoRank() throws {
        var fixture = try Self.serving()
        try fixture.request(1, 1, from: 1)
        fixture.note(.away)
        #expect(
            fixture.drain() == [
                .nack(1, 1, .shuttingDown, to: 1), .send(.gone, to: 1, tail: []),
            ])
        try fixture.request(1, 2, from: 1)
        #expect(fixture.drain() == [.nack(1, 2, .shuttingDown, to: 1)])
        try fixture.hear(
            .piecesQuery(UploaderFixture.content, first: 0, count: 4), tail: [0], from: 2)
        #expect(fixture.drain() == [.send(.gone, to: 2, tail: [])])
        fixture.note(.back)
        try fixture.request(1, 3, from: 1)
        #expect(fixture.stepReading().contains(.ack(1, 3, to: 1)))
        #expect(!fixture.uploader.isOver)
    }

    /// A receiver that accepts such an offer is refused, and would take no other one meanwhile.
    @Test func anUploaderThatIsAwayOffersNothing() throws {
        var fixture = UploaderFixture.cooperative(4)
        try fixture.meet(1, "#...")
        #expect(fixture.offers().map(\.to) == [1])
        fixture.note(.away)
        #expect(fixture.drain() == [.send(.gone, to: 1, tail: [])])
        try fixture.hear(.interested(UploaderFixture.content), from: 1)
        #expect(fixture.offers() == [])
        fixture.note(.back)
        #expect(fixture.offers().map(\.to) == [1])
    }

    private static func other(_ number: Int) -> ContentID {
        ContentID(high: 8, low: UInt64(number))
    }

    private static func open(_ content: ContentID, in fixture: inout UploaderFixture) throws {
        let geometry = try #require(
            Geometry(total: ByteCount(20), pieceLength: ByteCount(10)))
        fixture.note(.contentOpened(content, geometry, held: PieceSet(all: 2)))
    }

    /// A growing file is a new content each time.
    @Test func manyContentsInTurnTakeOnePlace() throws {
        var fixture = try Self.serving()
        for number in 0..<100 {
            try Self.open(Self.other(number), in: &fixture)
            try fixture.hear(
                .piecesQuery(Self.other(number), first: 0, count: 2), tail: [0], from: 2)
            try fixture.hear(.interested(Self.other(number)), from: 2)
            fixture.note(.contentGone(Self.other(number)))
            // The neighbour may not know of that yet.
            try fixture.hear(
                .piecesQuery(Self.other(number), first: 0, count: 2), tail: [0], from: 2)
            try fixture.hear(.interested(Self.other(number)), from: 2)
        }
        #expect(fixture.uploader.contents.count == 2)
        _ = fixture.drain()
        try fixture.request(2, 2, from: 1)
        #expect(fixture.stepReading().contains(.ack(2, 2, to: 1)))
    }

    @Test func thePlaceOfAContentThatIsBeingSentIsNotTaken() throws {
        var fixture = try Self.serving()
        try fixture.request(1, 1, from: 1)
        #expect(fixture.stepReading().contains(.ack(1, 1, to: 1)))
        fixture.note(.contentGone(UploaderFixture.content))
        try Self.open(Self.other(1), in: &fixture)
        #expect(fixture.uploader.contents.count == 2)
        fixture.sent(1, to: 1)
        try Self.open(Self.other(2), in: &fixture)
        #expect(fixture.uploader.contents.count == 2)
        fixture.reopen(held: Self.all)
        try fixture.meet(1, "#...")
        _ = fixture.drain()
        try fixture.request(2, 2, from: 1)
        #expect(fixture.stepReading().contains(.ack(2, 2, to: 1)))
    }
}
