import Testing
import Vocabulary
import Wire

@testable import Swarm

/// Parts of the digest table that other ranks request.
struct UploaderTableTests {
    private static func ask(_ first: UInt32, _ count: UInt32) -> UploadMessage {
        .tableRequest(UploaderFixture.content, first: first, count: count)
    }

    @Test func aPartOfTheTableIsSent() throws {
        var fixture = UploaderFixture(3) { _ in }
        try fixture.hear(Self.ask(1, 2), from: 5)
        #expect(fixture.drain() == [.sendTable(first: 1, count: 2, to: 5)])
        #expect(throws: WireError.malformed) { try fixture.hear(Self.ask(1, 3), from: 5) }
    }

    /// The asker was quicker in opening the content.
    @Test func earlyRequestsAreAnsweredOnceTheContentIsOpen() throws {
        var fixture = UploaderFixture(3, owned: nil) { _ in }
        try fixture.hear(Self.ask(0, 3), from: 5)
        try fixture.hear(Self.ask(0, 3), from: 5)
        try fixture.hear(Self.ask(0, 4), from: 6)
        #expect(fixture.drain() == [])
        fixture.open()
        #expect(fixture.drain() == [.sendTable(first: 0, count: 3, to: 5)])
    }

    @Test func earlyRequestsAreBounded() throws {
        var fixture = UploaderFixture(3, owned: nil) { _ in }
        for rank in Int32(1)...1000 { try fixture.hear(Self.ask(0, 3), from: rank) }
        fixture.open()
        #expect(fixture.drain().count == 256)
    }

    /// A user wants to know, which makes the asker no neighbour.
    @Test func thePiecesHereAreReportedToAnyRankThatAsks() throws {
        var fixture = UploaderFixture(11, owned: nil) { _ in }
        let nothing = DownloadMessage.holding(
            UploaderFixture.content, first: 0, count: 0, pieces: 0)
        try fixture.hear(.holdingQuery(UploaderFixture.content, first: 0), from: 5)
        #expect(fixture.drain() == [.send(nothing, to: 5)])
        var held = PieceSet(none: 11)
        for piece in [0, 1, 9] { held.insert(PieceIndex(piece)) }
        fixture.reopen(held: held)
        try fixture.hear(.holdingQuery(UploaderFixture.content, first: 0), from: 5)
        let all = DownloadMessage.holding(UploaderFixture.content, first: 0, count: 11, pieces: 11)
        #expect(fixture.drain() == [.send(all, to: 5, tail: [0b11, 0b10])])
        try fixture.hear(.holdingQuery(UploaderFixture.content, first: 8), from: 5)
        let rest = DownloadMessage.holding(UploaderFixture.content, first: 8, count: 3, pieces: 11)
        #expect(fixture.drain() == [.send(rest, to: 5, tail: [0b10])])
        #expect(fixture.uploader.links.isEmpty)
        #expect(throws: WireError.malformed) {
            try fixture.hear(.holdingQuery(UploaderFixture.content, first: 3), from: 5)
        }
    }
}
