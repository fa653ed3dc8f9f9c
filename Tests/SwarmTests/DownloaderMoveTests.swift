import Testing
import Vocabulary
import Wire

@testable import Swarm

/// A rank of a standing job whose tracker falls silent, where there are others.
struct DownloaderMoveTests {
    private static func running() throws -> Client {
        var client = try Client(
            3,
            rules: {
                $0.kind = .standing
                $0.trackers = [Rank(0), Rank(1)]
            }, isLive: true)
        try client.hear(.fileListRequest)
        try client.hear(.joinAck(peers: 9))
        client.step()
        _ = client.drain()
        return client
    }

    private func sent(_ client: inout Client, to tracker: Int32) -> [TrackerMessage] {
        client.drain().compactMap { effect in
            guard case .send(.tracker(let message), _, Rank(tracker)) = effect else { return nil }
            return message
        }
    }

    /// Tracker 0 is silent for a lease.
    private func move(_ client: inout Client) throws {
        try client.pass(.seconds(11), trackerLives: false)
    }

    @Test func openQuestionsAreAskedOfTheNextTracker() throws {
        var client = try Self.running()
        client.note(.ordered(.catalog(OrderTicket(1))))
        client.note(.ordered(.roll(OrderTicket(2), of: Client.content)))
        var first: [UInt8] = []
        let name = try RelativePath("b")
        let entry = CatalogEntry(
            name: name, content: Client.content, size: ByteCount(1), pieces: 1, seeds: 1, peers: 0)
        entry.write(to: &first)
        try client.hear(.catalog(from: 0, entries: 1, isLast: false), tail: first)
        try move(&client)
        #expect(sent(&client, to: 1).contains(.join))
        try client.hear(.fileListRequest, from: 1)
        try client.hear(.joinAck(peers: 9), from: 1)
        let said = sent(&client, to: 1)
        #expect(said.contains(.catalogRequest(from: 0)))
        #expect(said.contains(.rollRequest(of: Client.content, from: 0)))
        try client.hear(.catalog(from: 0, entries: 1, isLast: true), tail: first, from: 1)
        try client.hear(.roll(from: 0, entries: 0, isLast: true), from: 1)
        let reports = client.drain().compactMap { effect -> LiveNews? in
            if case .report(let news) = effect { news } else { nil }
        }
        #expect(reports == [.catalog(OrderTicket(1), [entry]), .roll(OrderTicket(2), [])])
    }

    @Test func theEndOfTheJobIsRequestedUntilItComes() throws {
        var client = try Self.running()
        client.note(.ordered(.shutdown))
        #expect(sent(&client, to: 0) == [.shutdown])
        try move(&client)
        _ = client.drain()
        try client.hear(.fileListRequest, from: 1)
        try client.hear(.joinAck(peers: 9), from: 1)
        try client.pass(.seconds(2), trackerLives: false)
        #expect(sent(&client, to: 1).contains(.shutdown))
    }

    @Test func aRankThatIsAwayRequestsTheEndToo() throws {
        var client = try Self.running()
        client.note(.ordered(.leave(OrderTicket(1))))
        try client.hear(.leaveAck)
        _ = client.drain()
        client.note(.ordered(.shutdown))
        #expect(sent(&client, to: 0) == [.shutdown])
        try client.pass(.seconds(3))
        #expect(sent(&client, to: 0).contains(.shutdown))
    }

    /// The last tracker may have been the only one that knew the content.
    @Test func fetchedContentsAreDescribedToTheNextTracker() throws {
        var client = try Self.running()
        try client.fetch("a", OrderTicket(5))
        try move(&client)
        _ = client.drain()
        try client.hear(.fileListRequest, from: 1)
        #expect(sent(&client, to: 1) == [.fileList(page: 0, entries: 1, isLast: true)])
        #expect(client.downloader.fetching.inventory.described.map(\.name.description) == ["a"])
        try client.hear(.joinAck(peers: 9), from: 1)
        #expect(sent(&client, to: 1).contains(.fileCompleted(Client.content)))
        // Its user has removed it.
        client.note(.pieceLost(PieceIndex(0), of: Client.content))
        #expect(client.downloader.fetching.inventory.described.isEmpty)
    }

    @Test(arguments: [true, false]) func aLeavingRankInformsTheNextTracker(hasLeft: Bool) throws {
        var client = try Self.running()
        client.note(.ordered(.leave(OrderTicket(1))))
        if hasLeft { try client.hear(.leaveAck) }
        _ = client.drain()
        try move(&client)
        let said = sent(&client, to: 1)
        #expect(said.contains(.leave) && !said.contains(.join))
        try client.hear(.leaveAck, from: 1)
        #expect(client.downloader.stage == .away)
        client.note(.ordered(.join(OrderTicket(2))))
        #expect(sent(&client, to: 1).contains(.join))
    }
}
