import Testing
import Vocabulary
import Wire

@testable import Swarm

/// Two names that turn out to stand for one content.
struct DownloaderSharedTests {
    private static func finishes(_ client: inout Client) -> [UInt32] {
        client.drain().compactMap { effect in
            if case .store(.finish(_, let want), _) = effect { want.raw } else { nil }
        }
    }

    private static func fetchAll(_ client: inout Client) throws {
        for asked in client.asks() { try client.deliver(asked) }
    }

    @Test func onePieceIsFetchedOnceForBoth() throws {
        var client = try Client.fetchingFirst()
        try client.swarm(seeds: [1], peers: [], want: 1)
        try Self.fetchAll(&client)
        #expect(client.downloader.totals.pieces == 2)
        #expect(Self.finishes(&client) == [0, 1])
        client.stored(.finished(Client.content, WantNumber(1)))
        client.stored(.finished(Client.content, WantNumber(0)))
        client.step()
        #expect(client.downloader.totals.delivered == 2)
        #expect(client.downloader.stage == .done)
    }

    @Test func aContentThatIsHereIsFinishedAtOnce() throws {
        var client = try Client.fetchingFirst()
        try Self.fetchAll(&client)
        #expect(Self.finishes(&client) == [0])
        client.stored(.finished(Client.content, WantNumber(0)))
        try client.swarm(seeds: [1], peers: [], want: 1)
        #expect(Self.finishes(&client) == [1])
        client.stored(.finished(Client.content, WantNumber(1)))
        client.step()
        #expect(client.downloader.stage == .done)
    }

    /// No other rank has it.
    @Test func aContentOwnedUnderAnotherNameIsFinishedAtOnce() throws {
        var client = try Client(2, want: "b", owns: "a")
        try client.hear(.fileListRequest)
        try client.hear(.joinAck(peers: 9))
        client.step()
        try client.swarm(seeds: [], peers: [])
        #expect(Self.finishes(&client) == [0])
    }

    @Test func aFailureConcernsAllNamesOfTheContent() throws {
        var client = try Client.fetchingFirst()
        try client.swarm(seeds: [1], peers: [], want: 1)
        client.stored(.failed(Client.content, .noSpace))
        client.step()
        for transfer in client.downloader.transfers {
            #expect(transfer.stage == .failed(.noSpace))
        }
        #expect(client.downloader.stage == .done)
    }

    @Test func aNameThatCannotBeGivenSpoilsOnlyItself() throws {
        var client = try Client.fetchingFirst()
        try client.swarm(seeds: [1], peers: [], want: 1)
        try Self.fetchAll(&client)
        client.stored(.unfinished(Client.content, WantNumber(0), .noSpace))
        client.stored(.finished(Client.content, WantNumber(1)))
        client.step()
        #expect(client.downloader.transfers.map(\.stage) == [.failed(.noSpace), .done])
        #expect(client.downloader.stage == .done)
    }
}
