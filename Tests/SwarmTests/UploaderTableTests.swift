import Testing
import Vocabulary
import Wire

@testable import Swarm

/// Parts of the digest table that other ranks request.
struct UploaderTableTests {
    private static func ask(_ first: UInt32, _ count: UInt32) -> UploadMessage {
        .tableRequest(Desk.content, first: first, count: count)
    }

    @Test func aPartOfTheTableIsSent() throws {
        var desk = Desk(3) { _ in }
        try desk.hear(Self.ask(1, 2), from: 5)
        #expect(desk.drain() == [.sendTable(first: 1, count: 2, to: 5)])
        #expect(throws: WireError.malformed) { try desk.hear(Self.ask(1, 3), from: 5) }
    }

    /// The asker was quicker in opening the content.
    @Test func earlyRequestsAreAnsweredOnceTheContentIsOpen() throws {
        var desk = Desk(3, owned: nil) { _ in }
        try desk.hear(Self.ask(0, 3), from: 5)
        try desk.hear(Self.ask(0, 3), from: 5)
        try desk.hear(Self.ask(0, 4), from: 6)
        #expect(desk.drain() == [])
        desk.open()
        #expect(desk.drain() == [.sendTable(first: 0, count: 3, to: 5)])
    }

    @Test func earlyRequestsAreBounded() throws {
        var desk = Desk(3, owned: nil) { _ in }
        for rank in Int32(1)...1000 { try desk.hear(Self.ask(0, 3), from: rank) }
        desk.open()
        #expect(desk.drain().count == 256)
    }

    /// A user wants to know, which makes the asker no neighbour.
    @Test func thePiecesHereAreReportedToAnyRankThatAsks() throws {
        var desk = Desk(11, owned: nil) { _ in }
        let nothing = DownloadMessage.holding(Desk.content, first: 0, count: 0, pieces: 0)
        try desk.hear(.holdingQuery(Desk.content, first: 0), from: 5)
        #expect(desk.drain() == [.send(nothing, to: 5)])
        var held = PieceSet(none: 11)
        for piece in [0, 1, 9] { held.insert(PieceIndex(piece)) }
        desk.reopen(held: held)
        try desk.hear(.holdingQuery(Desk.content, first: 0), from: 5)
        let all = DownloadMessage.holding(Desk.content, first: 0, count: 11, pieces: 11)
        #expect(desk.drain() == [.send(all, to: 5, tail: [0b11, 0b10])])
        try desk.hear(.holdingQuery(Desk.content, first: 8), from: 5)
        let rest = DownloadMessage.holding(Desk.content, first: 8, count: 3, pieces: 11)
        #expect(desk.drain() == [.send(rest, to: 5, tail: [0b10])])
        #expect(desk.uploader.links.isEmpty)
        #expect(throws: WireError.malformed) {
            try desk.hear(.holdingQuery(Desk.content, first: 3), from: 5)
        }
    }
}
