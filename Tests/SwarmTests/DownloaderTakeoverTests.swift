import Testing
import Vocabulary
import Wire

@testable import Swarm

/// A downloader after the loss of a content's publisher, or of a rank that reads the source.
struct DownloaderTakeoverTests {
    private static let publisher: Int32 = 1

    private static func told(_ message: TrackerMessage) -> DownloaderEffect {
        .send(.tracker(message), .none, to: Rank(0))
    }

    @Test func theRolesOfPublisherAndReaderAreReported() throws {
        var publishing = try Client.published(by: Self.publisher) { $0.publisher = Client.rank }
        #expect(publishing.drain().contains(Self.told(.publishes(Client.content))))
        var standing = try Client.published(by: Self.publisher) { $0.standsBy = true }
        #expect(standing.drain().contains(Self.told(.standsBy(Client.content))))
    }

    /// Several ranks read parts of the source, and another reader may be gone.
    @Test func thePublisherIsAReaderToo() throws {
        var client = try Client.published(by: Self.publisher) {
            $0.publisher = Client.rank
            $0.standsBy = true
        }
        let told = client.drain()
        #expect(told.contains(Self.told(.publishes(Client.content))))
        #expect(told.contains(Self.told(.standsBy(Client.content))))
    }

    /// While it waits for room, no other rank must be taken for the publisher.
    @Test func aPublisherReportsItselfBeforeItIsReady() throws {
        var client = try Client(3)
        try client.hear(.fileListRequest)
        try client.hear(.joinAck(peers: 9))
        try client.swarm(seeds: [], peers: [])
        _ = client.drain()
        client.stored(.publishes(Client.content))
        #expect(client.drain() == [Self.told(.publishes(Client.content))])
    }

    /// The tracker hears of it, and the next tracker is not told the opposite.
    @Test func aPublisherThatCannotPublishSaysSo() throws {
        var client = try Client.published(by: Self.publisher) { $0.publisher = Client.rank }
        _ = client.drain()
        client.stored(.cannotPublish(Client.content))
        #expect(client.drain() == [Self.told(.cannotPublish(Client.content))])
        #expect(client.transfer.proof.isResigned)
    }

    /// Only the publisher's table is missing, and it never comes.
    @Test func theDeathOfThePublisherIsAStall() throws {
        var client = try Client.published(by: Self.publisher) { $0.held = PieceSet(all: 3) }
        _ = client.drain()
        client.note(.died(Rank(4)))
        #expect(!client.drain().contains { Self.isStall($0) })
        client.note(.died(Rank(Self.publisher)))
        #expect(client.drain().contains { Self.isStall($0) })
    }

    @Test func aRankThatCompletesAfterTheDeathOfThePublisherIsStalled() throws {
        var client = try Client.published(by: Self.publisher) { $0.standsBy = true }
        client.note(.died(Rank(Self.publisher)))
        _ = client.drain()
        try client.hear(.readRest(Client.content))
        client.stored(.restIsHere(Client.content))
        #expect(client.transfer.stage == .proving)
        #expect(client.drain().contains { Self.isStall($0) })
    }

    /// Nothing but the table is missing.
    private static func isStall(_ effect: DownloaderEffect) -> Bool {
        guard case .send(.tracker(.stalled(Client.content, missing: 0, _, _)), _, Rank(0)) = effect
        else { return false }
        return true
    }

    @Test func theHeirPublishes() throws {
        var client = try Client.published(by: Self.publisher) { $0.held = PieceSet(all: 3) }
        #expect(client.transfer.stage == .proving)
        _ = client.drain()
        try client.hear(.publisher(Client.content, Client.rank))
        #expect(client.transfer.stage == .finishing)
        #expect(client.drain().contains(.store(.proof(Client.content, .publish))))
        client.stored(.tabled(Client.content, try #require(PieceDigest([1, 2]))))
        guard case .send(.tracker(.seal(Client.content)), _, Rank(0))? = client.drain().first
        else {
            Issue.record("nothing is sealed")
            return
        }
    }

    /// Its pieces may be those of a rank that lied, and its store can compare them with the source.
    @Test func anHeirThatSeesTheSourceNamesNothingBeforeItsTable() throws {
        var client = try Client.published(by: Self.publisher) {
            $0.held = PieceSet(all: 3)
            $0.standsBy = true
        }
        _ = client.drain()
        try client.hear(.publisher(Client.content, Client.rank))
        #expect(client.transfer.stage == .proving)
        #expect(client.drain() == [.store(.proof(Client.content, .publish))])
        client.stored(.tabled(Client.content, try #require(PieceDigest([1, 2]))))
        #expect(client.transfer.stage == .finishing)
    }

    /// It had reported all pieces before its source turned out to be unreadable. If it still
    /// counted as a seed, other ranks would wait for a piece that will not come.
    @Test func aSeedThatFailsIsNoSeedAnyMore() throws {
        var client = try Client.published(by: Self.publisher) {
            $0.publisher = Client.rank
            $0.held = PieceSet(all: 3)
        }
        #expect(client.drain().contains(Self.told(.fileCompleted(Client.content))))
        client.stored(.failed(Client.content, .failing(errno: 13)))
        _ = client.drain()
        client.note(.pieceLost(PieceIndex(1), of: Client.content))
        #expect(
            client.drain().contains { effect in
                if case .send(.tracker(.fileListUpdate), _, _) = effect { true } else { false }
            })
    }

    @Test func theOthersAskTheNewPublisher() throws {
        var client = try Client.published(by: Self.publisher) { $0.held = PieceSet(all: 3) }
        _ = client.drain()
        try client.hear(.publisher(Client.content, Rank(7)))
        #expect(
            client.drain()
                == [Client.sent(.tableRequest(Client.content, first: 0, count: 3), to: 7)])
        #expect(throws: WireError.malformed) {
            try client.hear(.publisher(Client.content, Rank(8)), from: 8)
        }
    }

    @Test func aSealThatCameBeforeCounts() throws {
        var client = try Client.published(by: Self.publisher) { $0.held = PieceSet(all: 3) }
        let seal = try #require(PieceDigest([1, 2]))
        try client.hear(.seal(Client.content), tail: seal.bytes)
        _ = client.drain()
        try client.hear(.publisher(Client.content, Client.rank))
        #expect(client.drain() == [.store(.proof(Client.content, .publish))])
        // Another table is not sealed.
        client.stored(.tabled(Client.content, try #require(PieceDigest([3, 4]))))
        #expect(client.drain() == [])
        #expect(client.transfer.stage == .proving)
    }

    /// The publisher may be gone with the trackers.
    @Test func anHeirIsToldTheSeal() throws {
        var client = try Client.published(by: Self.publisher, heirs: [Rank(4)]) {
            $0.held = PieceSet(all: 3)
        }
        let seal = try #require(PieceDigest([1, 2]))
        try client.hear(.seal(Client.content), tail: seal.bytes)
        client.note(.died(Rank(0)))
        _ = client.drain()
        try client.hear(.fileListRequest, from: 4)
        try client.hear(.joinAck(peers: 9), from: 4)
        #expect(
            client.drain().contains { effect in
                if case .send(.tracker(.seal(Client.content)), _, Rank(4)) = effect {
                    true
                } else {
                    false
                }
            })
    }

    /// A client whose pieces are all proven to be what the seal covers.
    private static func proven() throws -> (client: Client, seal: PieceDigest) {
        var client = try Client.published(by: publisher) { $0.held = PieceSet(all: 3) }
        let seal = try #require(PieceDigest([1, 2]))
        try client.hear(.seal(Client.content), tail: seal.bytes)
        client.stored(.proven(Client.content))
        client.stored(.finished(Client.content, WantNumber(0)))
        _ = client.drain()
        return (client, seal)
    }

    /// The publisher is gone after its seal, and another rank found that its pieces are not the
    /// publisher's: a seed with the same table can say which of them.
    @Test func aSeedWhoseTableIsTheSealVouchesForIt() throws {
        var (client, seal) = try Self.proven()
        try client.hear(.publisher(Client.content, Client.rank))
        #expect(client.drain() == [.store(.proof(Client.content, .publish))])
        client.stored(.tabled(Client.content, seal))
        guard case .send(.tracker(.seal(Client.content)), _, Rank(0))? = client.drain().first
        else {
            Issue.record("the tracker does not hear of it")
            return
        }
    }

    /// Pieces in place were trusted and not digested, so the table has gaps.
    @Test func aRankWithGapsInItsTableClosesThem() throws {
        var client = try Client.published(by: Self.publisher) { $0.held = PieceSet(all: 3) }
        let seal = try #require(PieceDigest([1, 2]))
        try client.hear(.seal(Client.content), tail: seal.bytes)
        client.stored(.unproven(Client.content))
        _ = client.drain()
        try client.hear(.publisher(Client.content, Client.rank))
        #expect(client.drain() == [.store(.proof(Client.content, .publish))])
        #expect(client.transfer.stage == .proving)
        client.stored(.tabled(Client.content, seal))
        #expect(client.transfer.stage == .finishing)
    }

    /// Pieces in place are trusted by their date, and may be wrong.
    @Test func aSeedWithAnotherTableDoesNotVouch() throws {
        var (client, _) = try Self.proven()
        try client.hear(.publisher(Client.content, Client.rank))
        _ = client.drain()
        client.stored(.tabled(Client.content, try #require(PieceDigest([3, 4]))))
        #expect(client.drain() == [])
    }

    @Test func aRankThatNeedsTheTableAsksTheSeedThatVouches() throws {
        var client = try Client.published(by: Self.publisher) { $0.held = PieceSet(all: 3) }
        let seal = try #require(PieceDigest([1, 2]))
        try client.hear(.seal(Client.content), tail: seal.bytes)
        client.stored(.unproven(Client.content))
        _ = client.drain()
        try client.hear(.publisher(Client.content, Rank(7)))
        #expect(client.drain() == [.store(.proof(Client.content, .prove(table: seal)))])
        client.stored(.unproven(Client.content))
        let question = UploadMessage.tableRequest(Client.content, first: 0, count: 3)
        #expect(client.drain() == [Client.sent(question, to: 7)])
    }

    @Test func theRestIsReadByARankThatSeesTheSource() throws {
        var client = try Client.published(by: Self.publisher) {
            $0.standsBy = true
            $0.held.insert(PieceIndex(1))
        }
        _ = client.drain()
        try client.hear(.readRest(Client.content))
        #expect(client.drain() == [.store(.proof(Client.content, .readRest))])
        client.stored(.restIsHere(Client.content))
        let told = client.drain()
        for piece in [0, 2] {
            #expect(
                told.contains(.tell(.pieceConfirmed(PieceIndex(piece), of: Client.content))))
        }
        #expect(client.transfer.stage == .proving)
    }

    @Test func aRankWithoutACopyReadsAndServes() throws {
        var client = try Client.published(by: Self.publisher) {
            $0.standsBy = true
            $0.isWanted = false
        }
        #expect(client.drain().contains(Self.told(.gaveUp(Client.content))))
        client.stored(.finished(Client.content, WantNumber(0)))
        client.step()
        _ = client.drain()
        try client.hear(.readRest(Client.content))
        #expect(client.drain() == [.store(.proof(Client.content, .readRest))])
        client.stored(.restIsHere(Client.content))
        let told = client.drain()
        for piece in 0..<3 {
            #expect(
                told.contains(.tell(.pieceConfirmed(PieceIndex(piece), of: Client.content))))
        }
        #expect(told.contains(Self.told(.fileCompleted(Client.content))))
        #expect(client.transfer.stage == .done)
    }

    /// A new tracker that took it for a seed would ask no rank to read.
    @Test func aReaderWithoutPiecesIsNoSeedToTheNextTracker() throws {
        var client = try Client.published(by: Self.publisher) {
            $0.standsBy = true
            $0.isWanted = false
        }
        client.stored(.finished(Client.content, WantNumber(0)))
        client.step()
        _ = client.drain()
        try client.hear(.fileListRequest)
        try client.hear(.joinAck(peers: 9))
        let told = client.drain()
        #expect(told.contains(Self.told(.standsBy(Client.content))))
        #expect(told.contains(Self.told(.gaveUp(Client.content))))
        #expect(!told.contains(Self.told(.fileCompleted(Client.content))))
    }

    @Test func aRankThatDoesNotSeeTheSourceReadsNothing() throws {
        var client = try Client.published(by: Self.publisher)
        _ = client.drain()
        try client.hear(.readRest(Client.content))
        #expect(client.drain() == [])
    }
}
