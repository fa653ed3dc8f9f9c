import Testing
import Vocabulary
import Wire

@testable import Swarm

/// Between the end of one rank's transfers and the end of the job, its copy may be moved away.
struct DownloaderLastLookTests {
    private static func complete(looksAgain: Bool = true) throws -> Client {
        var client = try Client.fetching(1, [1: "#"]) { $0.kind = looksAgain ? .staged : .batch() }
        try client.deliver(client.asks()[0])
        client.stored(.finished(Client.content, WantNumber(0)))
        client.step()
        _ = client.drain()
        return client
    }

    @Test func aRankChecksItsCopiesBeforeItLeaves() throws {
        var client = try Self.complete()
        client.note(.stopping)
        #expect(client.drain() == [.store(.lookAgain)])
        client.stored(.lookedAgain)
        #expect(client.drain().last == .ended)
        #expect(client.downloader.totals.delivered == 1)
    }

    @Test func aCopyThatWasMovedAwayIsAFailure() throws {
        var client = try Self.complete()
        client.note(.stopping)
        _ = client.drain()
        client.stored(.displaced(WantNumber(0), .failing(errno: 0)))
        client.stored(.displaced(WantNumber(0), .failing(errno: 0)))
        #expect(client.downloader.totals.delivered == 0)
        #expect(client.transfer.stage == .failed(.disk))
        client.stored(.lookedAgain)
        let effects = client.drain()
        #expect(effects.last == .ended)
        let isReported = effects.contains {
            if case .send(.tracker(.report(_, _, _, isFinal: true)), _, _) = $0 {
                true
            } else {
                false
            }
        }
        #expect(isReported)
        client.stored(.lookedAgain)
        #expect(client.drain() == [])
    }

    @Test func aRankWithoutCopiesChecksNothing() throws {
        var client = try Client.fetching(2, [1: "##"]) { $0.kind = .staged }
        client.note(.stopping)
        #expect(client.drain().last == .ended)
        var other = try Self.complete(looksAgain: false)
        other.note(.stopping)
        #expect(other.drain().last == .ended)
    }
}
