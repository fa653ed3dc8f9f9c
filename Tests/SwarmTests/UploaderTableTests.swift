import Swarm
import Testing
import Vocabulary
import Wire

/// Parts of the table of digests that others ask for.
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

    /// The asker was quicker in opening it.
    @Test func whatIsAskedEarlyIsAnsweredOnceItIsOpen() throws {
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
}
