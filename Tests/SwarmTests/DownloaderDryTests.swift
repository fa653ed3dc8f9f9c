import Testing
import Vocabulary
import Wire

@testable import Swarm

/// A rank of a dry run reports what it would fetch, and compares its pieces.
struct DownloaderDryTests {
    private static let publisher: Int32 = 1

    private static func dry(
        by publisher: Int32 = publisher, held: Int...,
        change: (inout OpenedContent) -> Void = { _ in }
    ) throws -> Client {
        try Client.published(by: publisher) { opened in
            opened.isWanted = false
            opened.isDry = true
            opened.isCompared = true
            opened.believed = PieceSet(all: 3)
            for piece in held {
                opened.held.insert(PieceIndex(piece))
                opened.believed.remove(PieceIndex(piece))
            }
            change(&opened)
        }
    }

    private static func table(_ count: Int) -> [UInt8] { [UInt8](repeating: 5, count: count * 16) }

    /// Each missing piece counts as ten bytes, and so does each wrong one.
    @Test func wrongPiecesCountAsMissingAndAreNotFetched() throws {
        var client = try Self.dry(held: 0, 1)
        #expect(client.transfer.stage == .proving)
        #expect(client.downloader.totals.needed == ByteCount(10))
        #expect(
            client.sentToSources().last
                == .init(.tableRequest(Client.content, first: 0, count: 2), to: 1))
        try client.hear(.table(Client.content, first: 0, count: 2), tail: Self.table(2), from: 1)
        client.stored(.compared(Client.content, wrong: [PieceIndex(1)]))
        #expect(client.downloader.totals.needed == ByteCount(20))
        #expect(client.transfer.stage == .finishing)
        #expect(client.asks() == [])
    }

    /// The store may answer two comparisons in either order, and the second one finds nothing wrong
    /// in what the first one has dropped.
    @Test func oneComparisonRunsAtATime() throws {
        var client = try Self.dry(held: 0, 1)
        try client.hear(.table(Client.content, first: 0, count: 2), tail: Self.table(2), from: 1)
        _ = client.drain()
        try client.hear(.seal(Client.content), tail: Self.table(1), from: 0)
        client.stored(.unproven(Client.content))
        try client.hear(.table(Client.content, first: 0, count: 2), tail: Self.table(2), from: 1)
        let comparisons = client.effects.list.filter {
            if case .store(.proof(_, .compare), _) = $0 { true } else { false }
        }
        #expect(comparisons.isEmpty)
        #expect(client.sentToSources().isEmpty)
        client.stored(.compared(Client.content, wrong: [PieceIndex(1)]))
        #expect(client.downloader.totals.needed == ByteCount(20))
        #expect(client.transfer.stage == .finishing)
    }

    @Test func aPublisherWaitsForItsOwnTable() throws {
        var client = try Self.dry(by: Client.rank.raw, held: 0, 1, 2) {
            $0.believed = PieceSet(none: 3)
        }
        #expect(client.transfer.stage == .proving)
        #expect(client.sentToSources().isEmpty)
        let seal = try #require(PieceDigest([UInt8](repeating: 9, count: 16)))
        client.stored(.tabled(Client.content, seal))
        #expect(client.transfer.stage == .finishing)
        guard case .send(.tracker(.seal(Client.content)), _, Rank(0))? = client.drain().first else {
            Issue.record("nothing is sealed")
            return
        }
    }

    /// A receiver that lacked nothing would be made the next publisher, and it has no source.
    @Test func aWaitingReceiverReportsThatItLacksSomething() throws {
        var client = try Self.dry(held: 0, 1, 2)
        _ = client.drain()
        try client.pass(.seconds(3))
        let stalls = client.drain().compactMap { effect -> UInt32? in
            guard case .send(.tracker(.stalled(_, let missing, _, _)), _, _) = effect else {
                return nil
            }
            return missing
        }
        #expect(Set(stalls) == [1])
    }

    @Test func aDigestingPublisherIsNotStalled() throws {
        var client = try Self.dry(by: Client.rank.raw, held: 0) { $0.believed = PieceSet(none: 3) }
        _ = client.drain()
        try client.pass(.seconds(30))
        let isStuck = client.drain().contains {
            if case .send(.tracker(.stalled), _, _) = $0 { true } else { false }
        }
        #expect(!isStuck)
    }
}
