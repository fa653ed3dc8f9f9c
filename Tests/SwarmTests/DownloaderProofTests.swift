import Testing
import Vocabulary
import Wire

@testable import Swarm

/// Contents whose digests travel with the pieces: the pieces that are there from the start, and the
/// proof that all are the publisher's.
struct DownloaderProofTests {
    private static let publisher: Int32 = 1

    private static func held(_ pieces: Int...) -> PieceSet {
        var set = PieceSet(none: 3)
        for piece in pieces { set.insert(PieceIndex(piece)) }
        return set
    }

    private static func digest(_ byte: UInt8) throws -> PieceDigest {
        try #require(PieceDigest([UInt8](repeating: byte, count: 16)))
    }

    private static let content = Client.content

    private static func asksForTable(
        from first: UInt32, count: UInt32 = 3
    ) -> DownloaderEffect {
        Client.sent(.tableRequest(content, first: first, count: count), to: publisher)
    }

    @Test func piecesInPlaceAreNotFetched() throws {
        var client = try Client.published(by: Self.publisher) { $0.held = Self.held(0, 2) }
        let told = client.drain()
        #expect(
            told.contains(
                .tell(
                    .contentOpened(
                        Self.content, try #require(Client.geometry(3)), held: Self.held(0, 2)))))
        #expect(
            told.contains(
                .send(.tracker(.peerUpdate(Self.content, held: 2)), .none, to: Rank(0))))
        try client.bitfield("###", from: Self.publisher)
        #expect(client.asks().map(\.piece) == [1])
    }

    @Test func theDigestOfTheSenderGoesToTheStore() throws {
        var client = try Client.published(by: Self.publisher)
        try client.bitfield("###", from: Self.publisher)
        let asked = try #require(client.asks().first)
        let digest = try Self.digest(7)
        try client.hear(
            .ack(
                Self.content, piece: UInt32(asked.piece), run: 1,
                request: RequestNumber(asked.number)), tail: digest.bytes, from: asked.to)
        client.payload(asked)
        #expect(
            client.drain().contains(
                .keep(
                    RequestNumber(asked.number), as: PieceIndex(asked.piece), of: Self.content,
                    digest: digest)))
        #expect(throws: WireError.malformed) {
            try client.hear(
                .ack(Self.content, piece: 0, run: 1, request: RequestNumber(99)),
                tail: [UInt8](repeating: 1, count: 33), from: Self.publisher)
        }
    }

    @Test func noNameBeforeTheSeal() throws {
        var client = try Client.published(by: Self.publisher) { $0.held = PieceSet(all: 3) }
        #expect(client.transfer.stage == .proving)
        let told = client.drain()
        #expect(!told.contains { if case .store(.finish, _) = $0 { true } else { false } })
        #expect(told.contains(Self.asksForTable(from: 0)))
        let seal = try Self.digest(9)
        try client.hear(.seal(Self.content), tail: seal.bytes)
        #expect(client.drain() == [.store(.proof(Self.content, .prove(table: seal)))])
        // A second report proves nothing again.
        try client.hear(.seal(Self.content), tail: seal.bytes)
        #expect(client.drain() == [])
        client.stored(.proven(Self.content))
        #expect(client.transfer.stage == .finishing)
        #expect(
            client.drain() == [
                .send(.tracker(.fileCompleted(Self.content)), .none, to: Rank(0)),
                .store(.finish(Self.content, WantNumber(0))),
            ])
    }

    @Test func aSealThatCameEarlyIsRemembered() throws {
        var client = try Client.published(by: Self.publisher) { $0.held = Self.held(0, 1) }
        let seal = try Self.digest(9)
        try client.hear(.seal(Self.content), tail: seal.bytes)
        try client.bitfield("###", from: Self.publisher)
        let asked = try #require(client.asks().first)
        try client.deliver(asked)
        #expect(client.drain().contains(.store(.proof(Self.content, .prove(table: seal)))))
    }

    @Test func trustedPiecesNeedNoProof() throws {
        let client = try Client.published(by: Self.publisher) {
            $0.held = PieceSet(all: 3)
            $0.believed = PieceSet(all: 3)
        }
        #expect(client.transfer.stage == .finishing)
    }

    /// Only fetched pieces are compared, in as many parts as that takes.
    @Test func trustedPiecesAreNotCompared() throws {
        var client = try Client.published(by: Self.publisher) {
            $0.held = PieceSet(all: 3)
            $0.believed = Self.held(1)
        }
        #expect(client.drain().contains(Self.asksForTable(from: 0, count: 1)))
        let digest = try Self.digest(5).bytes
        try client.hear(.table(Self.content, first: 0, count: 1), tail: digest, from: 1)
        client.stored(.compared(Self.content, wrong: []))
        #expect(client.drain().contains(Self.asksForTable(from: 2, count: 1)))
        try client.hear(.table(Self.content, first: 2, count: 1), tail: digest, from: 1)
        client.stored(.compared(Self.content, wrong: []))
        #expect(client.transfer.stage == .finishing)
    }

    @Test(arguments: [(0, 48), (2, 48), (3, 47), (3, 99)])
    func aTablePartHasTheRequestedLength(count: UInt32, byteCount: Int) throws {
        var client = try Client.published(by: Self.publisher) { $0.held = PieceSet(all: 3) }
        #expect(throws: WireError.malformed) {
            try client.hear(
                .table(Self.content, first: 0, count: count),
                tail: [UInt8](repeating: 1, count: byteCount), from: Self.publisher)
        }
    }

    @Test func onlyTheTrackerSeals() throws {
        var client = try Client.published(by: Self.publisher)
        #expect(throws: WireError.malformed) {
            try client.hear(
                .seal(Self.content), tail: try Self.digest(1).bytes, from: Self.publisher)
        }
    }

    @Test func wrongPiecesAreFetchedAgain() throws {
        var client = try Client.published(by: Self.publisher) { $0.held = PieceSet(all: 3) }
        let seal = try Self.digest(9)
        try client.hear(.seal(Self.content), tail: seal.bytes)
        _ = client.drain()
        client.stored(.unproven(Self.content))
        #expect(client.drain() == [Self.asksForTable(from: 0)])
        let table = [UInt8](repeating: 5, count: 48)
        // From any other rank it is not the publisher's.
        try client.hear(.table(Self.content, first: 0, count: 3), tail: table, from: 2)
        #expect(client.drain() == [])
        try client.hear(.table(Self.content, first: 0, count: 3), tail: table, from: 1)
        guard case .store(.proof(Self.content, .compare(first: 0)), _)? = client.drain().first
        else {
            Issue.record("the table is not compared")
            return
        }
        client.stored(.compared(Self.content, wrong: [PieceIndex(1)]))
        #expect(client.transfer.stage == .fetching)
        #expect(client.drain().contains(.tell(.pieceDropped(PieceIndex(1), of: Self.content))))
        try client.bitfield("###", from: Self.publisher)
        let again = client.asks()
        #expect(again.map(\.piece) == [1])
        try client.deliver(try #require(again.first))
        // The table is here, so nothing is left to be proven.
        #expect(client.transfer.stage == .finishing)
    }

    /// A source offers nothing to a rank that it believes to hold everything.
    @Test func aWrongPieceIsReportedAsMissingToItsSources() throws {
        var client = try Client.published(by: Self.publisher) { $0.held = PieceSet(all: 3) }
        try client.bitfield("###", stance: .offering, from: Self.publisher)
        try client.hear(.seal(Self.content), tail: try Self.digest(9).bytes)
        client.stored(.unproven(Self.content))
        let table = [UInt8](repeating: 5, count: 48)
        try client.hear(.table(Self.content, first: 0, count: 3), tail: table, from: 1)
        _ = client.drain()
        client.stored(.compared(Self.content, wrong: [PieceIndex(1)]))
        client.step()
        let sent = client.sentToSources()
        #expect(
            sent == [
                .init(.piecesQuery(Self.content, first: 0, count: 2), to: 1, [0b01]),
                .init(.interested(Self.content), to: 1),
            ])
        try client.offer([1], from: Self.publisher)
        #expect(client.asks().map(\.piece) == [1])
        client.step()
        #expect(client.sentToSources() == [])
    }

    @Test func aTablePartWithoutAnAnswerIsRequestedAgain() throws {
        var client = try Client.published(by: Self.publisher) { $0.held = PieceSet(all: 3) }
        try client.hear(.seal(Self.content), tail: try Self.digest(9).bytes)
        client.stored(.unproven(Self.content))
        _ = client.drain()
        try client.pass(.seconds(3))
        let told = client.drain()
        #expect(told.contains(Self.asksForTable(from: 0)))
        #expect(
            told.contains {
                if case .send(.tracker(.stalled(Self.content, missing: 0, _, _)), _, _) = $0 {
                    true
                } else {
                    false
                }
            })
    }

    @Test func thePublisherSealsAndNeedsNoProof() throws {
        var client = try Client.published(by: Self.publisher) {
            $0.publisher = Client.rank
            $0.held = PieceSet(all: 3)
        }
        #expect(client.transfer.stage == .finishing)
        _ = client.drain()
        client.stored(.tabled(Self.content, try Self.digest(4)))
        guard case .send(.tracker(.seal(Self.content)), _, Rank(0))? = client.drain().first else {
            Issue.record("nothing is sealed")
            return
        }
    }

    @Test func aRankThatOnlyServesFetchesNothing() throws {
        var client = try Client.published(by: Self.publisher) {
            $0.isWanted = false
            $0.held = Self.held(0)
        }
        #expect(client.transfer.stage == .finishing)
        #expect(
            client.drain().contains(
                .send(.tracker(.gaveUp(Self.content)), .none, to: Rank(0))))
        try client.bitfield("###", from: Self.publisher)
        #expect(client.asks() == [])
    }

    @Test func aMeasuredNeedIsReportedAndSettled() throws {
        var client = try Client(3)
        try client.hear(.fileListRequest)
        try client.hear(.joinAck(peers: 9))
        try client.swarm(seeds: [], peers: [1])
        _ = client.drain()
        client.stored(
            .measured(
                Self.content, needed: ByteCount(5), available: ByteCount(9), device: 1))
        let told = client.drain().contains {
            guard case .send(let message, _, let rank) = $0, rank == Rank(0) else { return false }
            return message
                == .tracker(
                    .measured(Self.content, needed: ByteCount(5), available: ByteCount(9)))
        }
        #expect(told)
        let answer = DownloadMessage.room(Self.content, taken: ByteCount(4), isGranted: false)
        #expect(throws: WireError.malformed) { try client.hear(answer, from: 1) }
        try client.hear(answer)
        #expect(
            client.drain()
                == [.store(.settle(Self.content, isGranted: false, taken: ByteCount(4)))])
        client.stored(.failed(Self.content, .unready))
        try client.hear(answer)
        #expect(
            !client.drain().contains { if case .store(.settle, _) = $0 { true } else { false } })
    }

    @Test func badInputIsReportedWithItsReason() throws {
        var client = try Client(3)
        try client.hear(.fileListRequest)
        try client.hear(.joinAck(peers: 9))
        try client.swarm(seeds: [], peers: [1])
        _ = client.drain()
        client.stored(.troubled("no room"))
        client.stored(.failed(Self.content, .unready))
        #expect(client.transfer.stage == .failed(.unready))
        let told = client.drain()
        #expect(
            told.contains {
                if case .send(.tracker(.prepared(.notReady)), _, _) = $0 { true } else { false }
            })
    }

    /// Every piece of a file may fail in the same way. A new tracker gets the reason again.
    @Test func aDiskFailureIsReportedOnceToEachTracker() throws {
        var client = try Client(3)
        try client.hear(.fileListRequest)
        try client.hear(.joinAck(peers: 9))
        try client.swarm(seeds: [], peers: [1])
        _ = client.drain()
        let isTold = { (effect: DownloaderEffect) in
            if case .send(.tracker(.prepared(.notReady)), _, _) = effect { true } else { false }
        }
        for _ in 0..<3 { client.stored(.troubled("it cannot be read")) }
        #expect(client.drain().count(where: isTold) == 1)
        try client.hear(.fileListRequest)
        try client.hear(.joinAck(peers: 9))
        #expect(client.drain().count(where: isTold) == 1)
    }
}
