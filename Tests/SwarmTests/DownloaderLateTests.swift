import Testing
import Vocabulary
import Wire

@testable import Swarm

/// Sources that are late, and the fate of their pieces.
struct DownloaderLateTests {
    private static func one(_ sources: [Int32: String]) throws -> (Client, Asked) {
        var client = try Client.fetching(1, sources)
        let asked = try #require(client.asks().first)
        return (client, asked)
    }

    @Test func aSilentSourceIsPassedOverForAnother() throws {
        var client = try Client.fetching(40, [1: String(repeating: "#", count: 40)])
        let asked = client.asks()
        try client.pass(.milliseconds(3900))
        #expect(client.downloader.branches.snubs == 0)
        try client.swarm(seeds: [1, 2], peers: [])
        try client.bitfield(String(repeating: "#", count: 40), from: 2)
        _ = client.drain()
        try client.pass(.milliseconds(100))
        let effects = client.drain()
        #expect(client.downloader.branches.snubs == 2)
        for request in asked { #expect(effects.contains(Client.cancel(request))) }
        #expect(Set(Client.asks(effects).map(\.to)) == [2])
        #expect(Set(Client.asks(effects).map(\.piece)) == [0, 1])
        #expect(client.downloader.branches.steals == 2)
    }

    @Test func aLatePieceIsUsed() throws {
        var (client, asked) = try Self.one([1: "#"])
        try client.pass(.seconds(4))
        #expect(client.transfer.queued.contains(PieceIndex(0)))
        _ = client.drain()
        try client.ack(asked)
        client.payload(asked)
        #expect(
            client.drain().contains(
                .keep(
                    RequestNumber(asked.number), as: PieceIndex(0), of: Client.content,
                    digest: nil)))
        client.kept(asked)
        #expect(client.transfer.stage == .finishing)
        #expect(client.downloader.totals.pieces == 1)
        #expect(client.downloader.totals.duplicates == 0)
        #expect(client.downloader.branches.lateArrivals == 1)
    }

    /// It arrives before the other source's piece, so that request is cancelled.
    @Test func aLatePieceCancelsTheSecondRequest() throws {
        var (client, late) = try Self.one([1: "#", 2: "#"])
        try client.pass(.milliseconds(4100))
        let stolen = try #require(Client.asks(client.drain()).first { $0.to != late.to })
        try client.ack(late)
        client.payload(late)
        client.kept(late)
        #expect(client.downloader.totals.pieces == 1)
        #expect(client.drain().contains(Client.cancel(stolen)))
        #expect(client.transfer.stage == .finishing)
        // The other piece arrives all the same, and counts as a duplicate.
        try client.ack(stolen)
        client.payload(stolen)
        #expect(client.drain().contains(.discard(RequestNumber(stolen.number))))
        #expect(client.downloader.totals.pieces == 1)
        #expect(client.downloader.totals.duplicates == 1)
        #expect(client.downloader.requests.isEmpty)
    }

    @Test func aLatePieceAfterTheSecondIsDiscarded() throws {
        var (client, late) = try Self.one([1: "#", 2: "#"])
        try client.pass(.milliseconds(4100))
        let stolen = try #require(Client.asks(client.drain()).first { $0.to != late.to })
        try client.deliver(stolen)
        try client.ack(late)
        client.payload(late)
        #expect(client.drain().contains(.discard(RequestNumber(late.number))))
        #expect(client.downloader.totals.pieces == 1)
        #expect(client.downloader.totals.duplicates == 1)
        #expect(client.downloader.requests.isEmpty)
    }

    /// Requests have different numbers, so the first payload is not taken for the second.
    @Test func aSourceThatIsAskedTwiceMayAnswerTwice() throws {
        var (client, first) = try Self.one([1: "#"])
        try client.pass(.seconds(12))
        let second = try #require(Client.asks(client.drain()).last)
        #expect(second.to == 1 && second.number != first.number)
        try client.ack(first)
        client.payload(first)
        try client.ack(second)
        client.payload(second)
        let kept = client.drain().count { if case .keep = $0 { true } else { false } }
        #expect(kept == 1)
        client.kept(first)
        #expect(client.downloader.totals.pieces == 1)
        #expect(client.downloader.totals.duplicates == 1)
    }

    @Test func theLastPieceIsRequestedFromTwoSourcesOnly() throws {
        var (client, first) = try Self.one([1: "#", 2: "#", 3: "#", 4: "#"])
        try client.ack(first)
        try client.pass(.milliseconds(3500))
        let others = Client.asks(client.drain())
        #expect(others.count == 1 && others[0].to != first.to)
        #expect(client.downloader.branches.endgames == 1)
        try client.deliver(others[0])
        #expect(client.transfer.stage == .finishing)
        client.payload(first)
        #expect(client.drain().contains(.discard(RequestNumber(first.number))))
        #expect(client.downloader.totals.duplicates == 1)
    }

    /// No event comes meanwhile: the alarm makes the rank ask another source.
    @Test func aLastPieceDoesNotWaitForTheNextEvent() throws {
        var client = try Client.fetching(2, [1: "##", 2: "##"])
        let asked = client.asks()
        try client.deliver(try #require(asked.first { $0.to == 2 }))
        let slow = try #require(asked.first { $0.to == 1 })
        _ = client.asks()
        client.wakeUp()
        let others = Client.asks(client.drain())
        #expect(others.map(\.piece) == [slow.piece] && others.first?.to == 2)
        #expect(client.now == .zero + .milliseconds(100))
        #expect(client.downloader.branches.endgames == 1)
    }

    /// A rank with only one source need not wake up again and again.
    @Test func aLastPieceWithOneHolderNeedsNoChecks() throws {
        var (client, _) = try Self.one([1: "#", 2: "."])
        var count = 0
        while client.now < .zero + .milliseconds(3900) {
            client.wakeUp()
            count += 1
        }
        #expect(count <= 10)
    }

    @Test func theBufferOfALateRequestIsWithdrawnInTheEnd() throws {
        var (client, asked) = try Self.one([1: "#"])
        try client.hear(.choke, from: 1)
        try client.pass(.seconds(119))
        #expect(!client.drain().contains(.withdraw(RequestNumber(asked.number))))
        try client.pass(.seconds(1))
        #expect(client.drain().contains(.withdraw(RequestNumber(asked.number))))
        client.withdrawn(RequestNumber(asked.number))
        #expect(client.downloader.requests.isEmpty)
    }

    /// A source that sends a piece and never promises it must not hold the piece for ever.
    @Test func aPieceWithoutAPromiseIsLateToo() throws {
        var (client, asked) = try Self.one([1: "#", 2: "#"])
        client.payload(asked)
        try client.pass(.seconds(5))
        let stolen = try #require(Client.asks(client.drain()).first { $0.to != asked.to })
        try client.deliver(stolen)
        #expect(client.transfer.stage == .finishing)
        try client.pass(.seconds(120))
        #expect(client.drain().contains(.discard(RequestNumber(asked.number))))
        #expect(client.downloader.requests.isEmpty)
    }

    @Test func noPieceOfALateSourceIsLostOverManyRounds() throws {
        for seed in UInt64(1)...10 {
            var chance = Chance(seed: seed)
            let all = String(repeating: "#", count: 12)
            var client = try Client.fetching(12, [1: all, 2: all, 3: all]) { $0.seed = seed }
            var waiting: [Asked] = []
            var rounds = 0
            while client.transfer.stage == .fetching, rounds < 3000 {
                rounds += 1
                try client.pass(.milliseconds(100))
                waiting += Client.asks(client.drain())
                // One answer of ten arrives at each moment, whether late or not.
                guard !waiting.isEmpty, chance.below(10) == 0 else { continue }
                let asked = waiting.remove(at: chance.below(waiting.count))
                try client.ack(asked)
                client.payload(asked)
                let isKept = client.effects.list.contains {
                    if case .keep(RequestNumber(asked.number), _, _, _) = $0 { true } else { false }
                }
                if isKept { client.kept(asked) }
            }
            #expect(client.transfer.stage == .finishing)
            #expect(client.downloader.totals.pieces == 12)
        }
    }
}
