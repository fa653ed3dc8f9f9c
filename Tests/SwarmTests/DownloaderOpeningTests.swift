import Testing
import Vocabulary
import Wire

@testable import Swarm

/// The tracker's news of a content that the store is still opening: they are not repeated.
struct DownloaderOpeningTests {
    private static let publisher: Int32 = 5

    /// A client that knows the content, and whose store reads its manifest or waits for room.
    private static func opening() throws -> Client {
        var client = try Client(3)
        try client.hear(.fileListRequest)
        try client.hear(.joinAck(peers: 9))
        try client.swarm(seeds: [], peers: [publisher])
        return client
    }

    private static func open(_ client: inout Client) {
        client.open {
            $0.publisher = Rank(publisher)
            $0.held = PieceSet(all: 3)
        }
    }

    /// Without the seal a rank may take over from the publisher, and name a copy that differs from
    /// what was sealed.
    @Test func aSealThatComesDuringTheOpeningCounts() throws {
        var client = try Self.opening()
        let seal = try #require(PieceDigest([1, 2]))
        try client.hear(.seal(Client.content), tail: seal.bytes)
        _ = client.drain()
        Self.open(&client)
        #expect(client.drain().contains(.store(.proof(Client.content, .prove(table: seal)))))
    }

    @Test func aPublisherThatIsNamedDuringTheOpeningIsAsked() throws {
        var client = try Self.opening()
        try client.hear(.publisher(Client.content, Rank(7)))
        _ = client.drain()
        Self.open(&client)
        let question = UploadMessage.tableRequest(Client.content, first: 0, count: 3)
        #expect(client.drain().contains(Client.sent(question, to: 7)))
    }

    /// The manifest of such a content has the digests.
    @Test func aContentWithoutAPublisherGetsNone() throws {
        var client = try Self.opening()
        try client.hear(.publisher(Client.content, Rank(7)))
        client.open { $0.held = PieceSet(all: 3) }
        #expect(client.transfer.proof.publisher == nil)
    }
}
