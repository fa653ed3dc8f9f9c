import Testing
import Vocabulary
import Wire

@testable import Swarm

/// A rank that reports the names of its copies, and one whose source is removed in the end.
struct DownloaderCollectTests {
    private static func delivered() throws -> Client {
        var client = try Client.fetching(1, [1: "#"]) {
            $0.kind = .staged
            $0.reportsNames = true
        }
        try client.deliver(client.asks()[0])
        _ = client.drain()
        return client
    }

    private static let ended = Client.told(.allFilesCompleted(delivered: 1, failed: 0))

    /// And before it reports that it is done: the tracker may end the job by that.
    @Test func namesAreReportedWhenTheFilesHaveThem() throws {
        var client = try Self.delivered()
        client.step()
        #expect(!client.drain().contains(Client.told(.named(Client.content))))
        client.stored(.finished(Client.content, WantNumber(0)))
        client.step()
        let effects = client.drain()
        let named = try #require(effects.firstIndex(of: Client.told(.named(Client.content))))
        #expect(try named < #require(effects.firstIndex(of: Self.ended)))
    }

    @Test(arguments: [StoreError.commandFailed, .noSpace])
    func aCopyThatFailedIsNotReported(failure: StoreError) throws {
        var client = try Self.delivered()
        client.stored(.unfinished(Client.content, WantNumber(0), failure))
        client.step()
        let effects = client.drain()
        #expect(effects.contains(Client.told(.allFilesCompleted(delivered: 0, failed: 1))))
        #expect(!effects.contains(Client.told(.named(Client.content))))
    }

    @Test func otherJobsReportNoNames() throws {
        var client = try Client.fetching(1, [1: "#"]) { $0.kind = .staged }
        try client.deliver(client.asks()[0])
        client.stored(.finished(Client.content, WantNumber(0)))
        client.step()
        #expect(!client.drain().contains(Client.told(.named(Client.content))))
    }

    @Test func theSourceIsRemovedBeforeTheLastReport() throws {
        var client = try Self.delivered()
        client.note(.collected)
        #expect(client.drain() == [.store(.removeSource)])
        var list = DifferenceList()
        list.note(3, of: .taken)
        list.add(Difference(.kept, try RelativePath("s/x")))
        client.stored(.differing(list))
        client.stored(.lookedAgain)
        let effects = client.drain()
        #expect(effects.last == .ended)
        #expect(client.downloader.fetching.journal.differences == list)
        client.note(.collected)
        #expect(client.drain() == [], "it has left")
    }
}
