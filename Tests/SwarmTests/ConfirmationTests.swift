import Testing
import Vocabulary
import Wire

@testable import Swarm

/// Ranks that have the same content on disks of their own: all but the publisher serve a piece only
/// after the publisher's digest has confirmed it.
struct ConfirmationTests {
    private static let publisher: Int32 = 1

    /// A client that has this number of pieces, all of them to be confirmed.
    private static func client(
        _ pieceCount: Int = 3, isWanted: Bool = true,
        _ change: (inout OpenedContent) -> Void = { _ in }
    ) throws -> Client {
        var client = try Client(pieceCount)
        try client.hear(.fileListRequest)
        try client.hear(.joinAck(peers: 9))
        try client.swarm(seeds: [], peers: [publisher])
        client.open {
            $0.publisher = Rank(publisher)
            $0.held = PieceSet(all: pieceCount)
            $0.unconfirmed = PieceSet(all: pieceCount)
            $0.isWanted = isWanted
            change(&$0)
        }
        return client
    }

    private static func asksForTable(from first: UInt32, count: UInt32) -> DownloaderEffect {
        Client.sent(.tableRequest(Client.content, first: first, count: count), to: publisher)
    }

    private static func table(of pieceCount: Int) -> [UInt8] {
        [UInt8](repeating: 5, count: 16 * pieceCount)
    }

    private static func confirmed(_ told: [DownloaderEffect]) -> [Int] {
        told.compactMap {
            if case .tell(.pieceConfirmed(let piece, _)) = $0 { piece.position } else { nil }
        }
    }

    @Test func nothingIsServedBeforeItIsConfirmed() throws {
        var client = try Self.client()
        let told = client.drain()
        let none = PieceSet(none: 3)
        #expect(
            told.contains(
                .tell(
                    .contentOpened(
                        Client.content, try #require(Client.geometry(3)), held: none))))
        #expect(told.contains(Self.asksForTable(from: 0, count: 3)))
        try client.hear(
            .table(Client.content, first: 0, count: 3), tail: Self.table(of: 3), from: 1)
        let heard = client.drain()
        #expect(Self.confirmed(heard) == [])
        guard case .store(.proof(Client.content, .hear(first: 0)), _)? = heard.first else {
            Issue.record("the store does not hear of it")
            return
        }
        client.stored(.heard(Client.content, wrong: []))
        #expect(Self.confirmed(client.drain()) == [0, 1, 2])
    }

    @Test func aLongTableComesInParts() throws {
        var client = try Self.client(100, isWanted: false)
        #expect(client.drain().contains(Self.asksForTable(from: 0, count: 64)))
        try client.hear(
            .table(Client.content, first: 0, count: 64), tail: Self.table(of: 64), from: 1)
        client.stored(.heard(Client.content, wrong: []))
        let told = client.drain()
        #expect(Self.confirmed(told).count == 64)
        #expect(told.contains(Self.asksForTable(from: 64, count: 36)))
    }

    /// A differing piece is fetched like any other, and never offered.
    @Test func differingPiecesAreFetched() throws {
        var client = try Self.client()
        _ = client.drain()
        try client.hear(
            .table(Client.content, first: 0, count: 3), tail: Self.table(of: 3), from: 1)
        client.stored(.heard(Client.content, wrong: [PieceIndex(1)]))
        #expect(Self.confirmed(client.drain()) == [0, 2])
        try client.bitfield("###", from: Self.publisher)
        #expect(client.asks().map(\.piece) == [1])
        // Found in a read, after it was confirmed.
        client.stored(.differs(PieceIndex(2), of: Client.content))
        #expect(
            client.drain().contains(.tell(.pieceDropped(PieceIndex(2), of: Client.content))))
    }

    /// A rank that only serves fetches nothing, and is no seed.
    @Test func aServerWithADifferingPieceIsNoSeed() throws {
        var client = try Self.client(isWanted: false)
        _ = client.drain()
        client.stored(.differs(PieceIndex(2), of: Client.content))
        let told = client.drain()
        #expect(told.contains(.tell(.pieceDropped(PieceIndex(2), of: Client.content))))
        #expect(
            told.contains(.send(.tracker(.gaveUp(Client.content)), .none, to: Rank(0))))
        try client.bitfield("###", from: Self.publisher)
        #expect(client.asks() == [])
    }

    /// It was altered in the copy, which shows before the copy gets its name.
    @Test func aPieceThatDiffersBeforeTheNamingIsFetchedAgain() throws {
        var client = try Client.fetching(2, [Self.publisher: "##"])
        client.step()
        var asked = client.asks()
        while !asked.isEmpty {
            for ask in asked { try client.deliver(ask) }
            asked = client.asks()
        }
        #expect(client.transfer.stage == .finishing)
        _ = client.drain()
        client.stored(.differs(PieceIndex(1), of: Client.content))
        client.step()
        #expect(client.transfer.stage == .fetching)
        let again = client.asks()
        #expect(again.map(\.piece) == [1])
        try client.deliver(try #require(again.first))
        #expect(client.drain().contains(.store(.finish(Client.content, WantNumber(0)))))
    }

    @Test func thePublisherIsAskedAgain() throws {
        var client = try Self.client(isWanted: false)
        _ = client.drain()
        try client.pass(.seconds(3))
        #expect(client.drain().contains(Self.asksForTable(from: 0, count: 3)))
    }

    /// The proof that names wait for comes after the confirmation, and does not replace it.
    @Test func theProofWaitsForTheLastPart() throws {
        var client = try Self.client()
        let seal = try #require(PieceDigest([UInt8](repeating: 9, count: 16)))
        try client.hear(.seal(Client.content), tail: seal.bytes)
        #expect(!client.drain().contains(.store(.proof(Client.content, .prove(table: seal)))))
        try client.hear(
            .table(Client.content, first: 0, count: 3), tail: Self.table(of: 3), from: 1)
        client.stored(.heard(Client.content, wrong: []))
        #expect(client.drain().contains(.store(.proof(Client.content, .prove(table: seal)))))
    }

    /// They are those of an earlier job, and would become the content if this rank took the place
    /// of the publisher.
    @Test func unconfirmedPiecesOfUnknownOriginAreNotPublished() throws {
        var client = try Self.client { $0.isInDoubt = true }
        client.note(.died(Rank(Self.publisher)))
        let stall = TrackerMessage.stalled(
            Client.content, missing: 0, fingerprint: StallReport.inDoubt)
        _ = client.drain()
        try client.pass(.seconds(3))
        #expect(client.drain().contains(Client.told(stall)))
        try client.hear(.publisher(Client.content, Client.rank))
        #expect(client.drain() == [Client.told(.cannotPublish(Client.content))])
        #expect(client.transfer.stage == .proving)
    }

    @Test func aRankThatSeesTheSourceComparesThemWithIt() throws {
        var client = try Self.client {
            $0.isInDoubt = true
            $0.standsBy = true
        }
        _ = client.drain()
        try client.hear(.publisher(Client.content, Client.rank))
        #expect(client.drain().contains(.store(.proof(Client.content, .publish))))
    }

    @Test func onlyThePublisherConfirms() throws {
        var client = try Self.client()
        _ = client.drain()
        try client.hear(
            .table(Client.content, first: 0, count: 3), tail: Self.table(of: 3), from: 2)
        #expect(client.drain() == [])
        #expect(throws: WireError.malformed) {
            try client.hear(
                .table(Client.content, first: 0, count: 3),
                tail: [UInt8](repeating: 5, count: 47), from: Self.publisher)
        }
    }
}
