import Testing
import Vocabulary
import Wire

@testable import Swarm

/// Pieces of unknown origin: they may be those of another content, so no other rank gets them, and
/// they never decide what the content is, before the publisher's digests have proven them.
struct UnprovenPieceTests {
    private static let publisher: Int32 = 1

    /// A client that has three pieces, of which only the second one is certain.
    private static func client(standsBy: Bool = false) throws -> Client {
        try Client.published(by: publisher) {
            $0.held = PieceSet(all: 3)
            $0.unproven = PieceSet(all: 3)
            $0.unproven.remove(PieceIndex(1))
            $0.standsBy = standsBy
        }
    }

    private static func confirmed(_ told: [DownloaderEffect]) -> [Int] {
        told.compactMap {
            if case .tell(.pieceConfirmed(let piece, _)) = $0 { piece.position } else { nil }
        }
    }

    private static func opened(_ held: Int...) throws -> DownloaderEffect {
        var pieces = PieceSet(none: 3)
        for piece in held { pieces.insert(PieceIndex(UInt32(piece), below: 3) ?? PieceIndex(0)) }
        let geometry = try #require(Client.geometry(3))
        return .tell(.contentOpened(Client.content, geometry, held: pieces))
    }

    private static let cannotPublish = DownloaderEffect.send(
        .tracker(.cannotPublish(Client.content)), .none, to: Rank(0))

    @Test func theSealReleasesThem() throws {
        var client = try Self.client()
        #expect(client.drain().contains(try Self.opened(1)))
        let seal = try #require(PieceDigest([UInt8](repeating: 9, count: 16)))
        try client.hear(.seal(Client.content), tail: seal.bytes)
        #expect(client.drain().contains(.store(.proof(Client.content, .prove(table: seal)))))
        client.stored(.proven(Client.content))
        let told = client.drain()
        #expect(Self.confirmed(told) == [0, 2])
        #expect(told.contains(.store(.finish(Client.content, WantNumber(0)))))
    }

    @Test func aPieceOfAnotherContentIsNeverServed() throws {
        var client = try Self.client()
        _ = client.drain()
        try client.hear(
            .table(Client.content, first: 0, count: 3), tail: [UInt8](repeating: 5, count: 48),
            from: Self.publisher)
        client.stored(.compared(Client.content, wrong: [PieceIndex(2)]))
        #expect(Self.confirmed(client.drain()) == [0])
        #expect(client.transfer.stage == .fetching)
        try client.bitfield("###", from: Self.publisher)
        #expect(client.asks().map(\.piece) == [2])
    }

    /// The death of the publisher must not make them the content.
    @Test func theyDoNotTakeThePlaceOfThePublishers() throws {
        var client = try Self.client()
        client.note(.died(Rank(Self.publisher)))
        let stall = TrackerMessage.stalled(
            Client.content, missing: 0, fingerprint: StallReport.inDoubt)
        #expect(client.drain().contains(Client.told(stall)))
        try client.hear(.publisher(Client.content, Client.rank))
        #expect(client.drain() == [Self.cannotPublish])
        #expect(client.transfer.stage == .proving)
        try client.hear(.swarmLost(Client.content, missing: 0))
        #expect(client.transfer.stage == .failed(.lost))
    }

    @Test func aRankThatSeesTheSourceCanCompareThem() throws {
        var client = try Self.client(standsBy: true)
        _ = client.drain()
        try client.hear(.publisher(Client.content, Client.rank))
        #expect(client.drain() == [.store(.proof(Client.content, .publish))])
    }

    /// The publisher has sealed its table, and is gone.
    @Test func aTableThatIsTheSealedOneReleasesThem() throws {
        var client = try Self.client()
        let seal = try #require(PieceDigest([1, 2]))
        try client.hear(.seal(Client.content), tail: seal.bytes)
        _ = client.drain()
        try client.hear(.publisher(Client.content, Client.rank))
        #expect(client.drain() == [.store(.proof(Client.content, .publish))])
        client.stored(.tabled(Client.content, seal))
        #expect(Self.confirmed(client.drain()) == [0, 2])
    }
}
