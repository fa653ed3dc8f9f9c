import Testing
import Vocabulary
import Wire

@testable import Swarm

/// How long a downloader waits for sources of which it knows only whether they live.
struct DownloaderPatienceTests {
    private func isTold(_ effects: [DownloaderEffect]) -> Bool {
        effects.contains {
            if case .send(.tracker(.stalled), _, _) = $0 { true } else { false }
        }
    }

    private func isAskedForSwarm(_ effects: [DownloaderEffect]) -> Bool {
        effects.contains {
            if case .send(.tracker(.swarmRequest), _, _) = $0 { true } else { false }
        }
    }

    /// A link that many ranks share takes minutes for a piece. Discarding pieces under way and
    /// requesting them again only makes it slower, and no rank would ever get anything.
    @Test func aPromiseOfALivingSourceIsWaitedFor() throws {
        var client = try Client.fetching(3, [1: "###"])
        let asked = client.asks()
        for request in asked { try client.ack(request) }
        try client.hear(.choke, from: 1)
        try client.pass(.seconds(600))
        let effects = client.drain()
        #expect(!effects.contains(.withdraw(RequestNumber(asked[0].number))))
        #expect(!isTold(effects))
        #expect(Client.asks(effects).isEmpty)
        for request in asked {
            client.payload(request)
            client.kept(request)
        }
        #expect(client.downloader.branches.lateArrivals == 2)
        #expect(client.downloader.totals.duplicates == 0)
        #expect(client.downloader.totals.pieces == 2)
    }

    /// Until any piece has arrived, links may be slower than assumed.
    @Test func theFirstPromiseIsNotLateTooEarly() throws {
        var client = try Client.fetching(1, [1: "#", 2: "#"]) { $0.hasEndgame = false }
        let asked = try #require(client.asks().first)
        try client.ack(asked)
        try client.pass(.seconds(59))
        #expect(Client.asks(client.drain()).isEmpty)
        try client.pass(.seconds(2))
        #expect(Client.asks(client.drain()).count == 1)
        #expect(client.downloader.branches.snubs == 1)
    }

    /// A source that promises and never sends must not hide that a piece is lost.
    @Test func aPromiseWithoutAPieceIsNotWaitedForForEver() throws {
        var client = try Client.fetching(1, [1: "#"]) { $0.promisePatience = .seconds(300) }
        let asked = try #require(client.asks().first)
        try client.ack(asked)
        try client.hear(.choke, from: 1)
        try client.pass(.seconds(299))
        let isEarly = isTold(client.drain())
        #expect(!isEarly)
        try client.pass(.seconds(4))
        let effects = client.drain()
        #expect(effects.contains(.withdraw(RequestNumber(asked.number))))
        #expect(isTold(effects))
    }

    /// If pieces take minutes, none is late after one.
    @Test func patienceIsNeverShorterThanAPieceTakes() throws {
        var client = try Client.fetching(6, [1: "######", 2: "######"])
        for _ in 0..<2 {
            let asked = client.asks().filter { $0.to == 1 }
            for request in asked { try client.ack(request) }
            try client.pass(.seconds(150))
            _ = client.drain()
            for request in asked {
                client.payload(request)
                client.kept(request)
            }
        }
        let snubs = client.downloader.branches.snubs
        let asked = client.asks().filter { $0.to == 1 }
        #expect(!asked.isEmpty)
        for request in asked { try client.ack(request) }
        try client.pass(.seconds(150))
        #expect(client.downloader.branches.snubs == snubs)
    }

    /// The tracker knows which ranks live. It is asked as soon as a source does not answer, even
    /// while others are still waited for.
    @Test func theTrackerIsAskedAboutASilentSource() throws {
        var client = try Client.fetching(4, [1: "####", 2: "####"])
        let asked = client.asks()
        try client.pass(.milliseconds(3900))
        for request in asked where request.to == 2 { try client.ack(request) }
        _ = client.drain()
        try client.pass(.milliseconds(2200))
        #expect(client.downloader.branches.snubs > 0 && client.transfer.inFlightCount > 0)
        let isAsked = isAskedForSwarm(client.drain())
        #expect(isAsked)
    }

    /// Each dead source would be asked a few times, and waited for as long as a piece may take, one
    /// after the other: no rank would ever find out that their pieces are lost.
    @Test func sourcesThatTheTrackerNoLongerNamesAreNotWaitedFor() throws {
        var client = try Client.fetching(
            2, [1: "##", 2: "##", 3: ".."], stance: .offering)
        try client.pass(.milliseconds(32_100))
        let first = try #require(Client.asks(client.drain()).first)
        try client.swarm(seeds: [], peers: [3])
        try client.pass(.seconds(6))
        let effects = client.drain()
        #expect(effects.contains(Client.cancel(first)))
        #expect(Client.asks(effects).isEmpty)
        #expect(isTold(effects))
    }

    @Test func aSourceThatIsNamedAgainIsAskedAgain() throws {
        var client = try Client.fetching(2, [1: "##"])
        _ = client.asks()
        try client.swarm(seeds: [], peers: [])
        try client.pass(.seconds(20))
        #expect(Client.asks(client.drain()).isEmpty)
        try client.swarm(seeds: [1], peers: [])
        #expect(!client.asks().isEmpty)
    }

    /// Each request without an answer holds a buffer for two minutes. One liar could fill the
    /// table, and the offers of all others would be declined.
    @Test func offersWithoutPiecesHoldFewBuffers() throws {
        let all = String(repeating: "#", count: 400)
        var client = try Client.fetching(400, [1: all, 2: all], stance: .offering)
        for number in UInt32(1)...800 {
            let piece = Int(number) % 200
            try client.offer([piece], number: number, from: 1)
            try client.pass(.milliseconds(100))
            // Two offers are accepted without an answer, and three pieces are requested directly.
            #expect(client.downloader.requests.count { $0.source.raw == 1 } <= 5)
        }
        _ = client.drain()
        try client.offer([300], number: 1, from: 2)
        #expect(client.asks().map(\.to) == [2])
    }

    /// The tracker may have lost a rank that lives.
    @Test func aSourceThatSpeaksIsAskedAlthoughItIsNotNamed() throws {
        var client = try Client.fetching(2, [1: "##", 2: ".."])
        _ = client.asks()
        try client.swarm(seeds: [], peers: [2])
        try client.pass(.seconds(20))
        #expect(Client.asks(client.drain()).isEmpty)
        try client.hear(.unchoke(offers: false), from: 1)
        #expect(!client.asks().isEmpty)
    }
}
