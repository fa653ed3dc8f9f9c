import Testing
import Vocabulary
import Wire

@testable import Swarm

/// Pieces that contradict the publisher's table, of which a message may have been spoilt on its
/// way.
struct DownloaderContradictionTests {
    private static let content = Client.content
    private static let publisher: Int32 = 1
    private static let all: [Int32] = [1, 2]

    /// A client that has compared three pieces with the table: piece 1 differs, and is missing.
    private static func client() throws -> Client {
        var client = try Client.published(by: publisher) { $0.held = PieceSet(all: 3) }
        let table = [UInt8](repeating: 5, count: 48)
        try client.hear(.table(content, first: 0, count: 3), tail: table, from: publisher)
        client.stored(.compared(content, wrong: [PieceIndex(1)]))
        try client.swarm(seeds: [], peers: all)
        for rank in all { try client.bitfield("###", from: rank) }
        return client
    }

    /// Returns the effects of a step that follows the bad piece.
    private static func disappoint(
        _ client: inout Client, with asked: Asked
    ) throws -> [DownloaderEffect] {
        try client.ack(asked)
        client.payload(asked)
        _ = client.drain()
        client.bad(asked)
        client.step()
        return client.drain()
    }

    private static let asksAgain = Client.sent(
        .tableRequest(content, first: 1, count: 2), to: publisher)

    private static func hearAgain(_ client: inout Client) throws -> [Asked] {
        let table = [UInt8](repeating: 5, count: 32)
        try client.hear(.table(content, first: 1, count: 2), tail: table, from: publisher)
        client.stored(.heard(content, wrong: []))
        return client.asks()
    }

    @Test func theTableIsRequestedAgainBeforeASourceIsBlamed() throws {
        var client = try Self.client()
        var asked = client.asks()
        for _ in Self.all {
            let first = try #require(asked.first)
            let effects = try Self.disappoint(&client, with: first)
            #expect(effects.contains(Self.asksAgain))
            #expect(!effects.contains(Client.told(.accused(Rank(first.to), .wrongPieces))))
            asked = Client.asks(effects)
        }
        #expect(asked == [], "no source is asked before the table is here")
    }

    @Test func aSourceIsAskedAgainWhenTheTableIsHereAgain() throws {
        var client = try Self.client()
        var asked = client.asks()
        var ranks: [Int32] = []
        while let first = asked.first {
            ranks.append(first.to)
            asked = Client.asks(try Self.disappoint(&client, with: first))
        }
        #expect(ranks.sorted() == Self.all)
        #expect(client.downloader.branches.confirmations == 0, "no source of its own is confirmed")
        let again = try Self.hearAgain(&client)
        #expect(again.map(\.piece) == [1])
        try client.deliver(try #require(again.first))
        #expect(client.transfer.stage == .finishing)
        #expect(client.downloader.totals.violations == 1, "the piece that the table condemned")
    }

    /// A source that contradicts each copy of the table is not honest.
    @Test func aSourceIsBlamedInTheEnd() throws {
        var client = try Self.client()
        var blamed: Set<Int32> = []
        var steps = 0
        var asked = client.asks()
        while let first = asked.first {
            steps += 1
            let effects = try Self.disappoint(&client, with: first)
            for rank in Self.all
            where effects.contains(Client.told(.accused(Rank(rank), .wrongPieces))) {
                blamed.insert(rank)
            }
            asked = Client.asks(effects)
            if asked.isEmpty { asked = try Self.hearAgain(&client) }
        }
        #expect(blamed == Set(Self.all))
        #expect(steps == Self.all.count * 3)
    }
}
