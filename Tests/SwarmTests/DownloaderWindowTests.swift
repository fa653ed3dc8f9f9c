import Testing
import Vocabulary
import Wire

@testable import Swarm

/// The number of pieces that are requested at once.
struct DownloaderWindowTests {
    private static let all = String(repeating: "#", count: 200)

    @Test func aWindowBeginsWithTwoAndDoubles() throws {
        var client = try Client.fetching(200, [1: Self.all]) { $0.requestsPerSourceMax = 64 }
        let first = client.asks()
        #expect(first.map(\.piece) == [0, 1])
        #expect(client.asks() == [])
        try client.pass(.milliseconds(100))
        try client.deliver(first[0])
        #expect(client.window(of: 1) == 4)
        #expect(client.asks().map(\.piece) == [2, 3, 4])
    }

    /// Pieces of ten bytes: three of them fill the buffers, and two are requested however long they
    /// are.
    @Test(arguments: [(39, 3), (30, 3), (5, 2)])
    func requestsFitTheBuffers(byteCountMax: Int, requests: Int) throws {
        let sources = Dictionary(uniqueKeysWithValues: (1...9).map { (Int32($0), Self.all) })
        var client = try Client.fetching(200, sources) { $0.bytesInFlightMax = byteCountMax }
        #expect(client.asks().count == requests)
        #expect(client.asks() == [])
    }

    /// 1.5 times the bandwidth-delay product, and one more: a second piece shows the rate.
    @Test(arguments: [(100, 100, 3), (100, 400, 2), (400, 100, 7), (900, 100, 15), (800, 50, 20)])
    func aWindowFollowsRateAndRoundTrip(latency: Int, piece: Int, window: Int) throws {
        var client = try Client.fetching(200, [1: Self.all]) {
            $0.requestsPerSourceMax = 20
            $0.answerPatience = .seconds(100)
            $0.piecePatienceMin = .seconds(100)
            $0.piecePatienceMax = .seconds(100)
        }
        var waiting = client.asks()
        for _ in 0..<30 {
            let next = waiting.removeFirst()
            try client.pass(.milliseconds(latency))
            try client.ack(next)
            try client.pass(.milliseconds(piece))
            client.payload(next)
            client.kept(next)
            waiting += client.asks() + Client.asks(client.drain())
        }
        #expect(client.window(of: 1) == window)
    }

    /// However long an answer takes: only a few of them would come in the time of one.
    @Test func theWindowOfLabelsDoublesUpToItsLimit() throws {
        var client = try Client.fetching(200, [1: Self.all], asLabels: true)
        var waiting = client.asks()
        #expect(waiting.count == 2)
        for window in [4, 8, 16, 32, 64, 64] {
            try client.pass(.milliseconds(100))
            try client.ack(waiting.removeFirst())
            #expect(client.window(of: 1) == window)
            waiting += Client.asks(client.drain()) + client.asks()
        }
    }

    @Test func labelsAreAskedForWhereOtherPiecesAreOffered() throws {
        var labels = try Client.fetching(200, [1: Self.all], stance: .offering, asLabels: true)
        #expect(labels.asks().map(\.piece) == [0, 1])
        var bytes = try Client.fetching(200, [1: Self.all], stance: .offering)
        #expect(bytes.asks() == [])
    }

    @Test func aWindowHasALimit() throws {
        var client = try Client.fetching(200, [1: Self.all]) { $0.requestsPerSourceMax = 3 }
        var waiting = client.asks()
        for _ in 0..<20 {
            try client.deliver(waiting.removeFirst())
            waiting += client.asks()
            #expect(waiting.count <= 3)
        }
    }

    @Test func allSourcesTogetherHaveALimit() throws {
        var client = try Client.fetching(200, [1: Self.all, 2: Self.all, 3: Self.all]) {
            $0.requestsInFlightMax = 5
        }
        #expect(client.asks().count == 5)
        #expect(client.downloader.requests.count == 5)
    }

    /// Nothing else may happen to a content that found no buffer until the next proof of life.
    @Test func aContentThatFoundNoBufferGetsTheNextOne() throws {
        var client = try Client.fetchingFirst { $0.requestsInFlightMax = 1 }
        let other = ContentID(high: 8, low: 8)
        var tail: [UInt8] = []
        MemberList(seeds: [Rank(2)], peers: []).write(to: &tail)
        tail += Descriptor(inline: [1]).bytes
        try client.hear(.swarm(other, want: WantNumber(1), seeds: 1, peers: 0), tail: tail)
        client.stored(.opened(other, OpenedContent(try #require(Client.geometry(2)))))
        try client.hear(
            .bitfield(other, first: 0, count: 2, stance: .open), tail: [0b11], from: 2)
        var asked: [Int32] = []
        for _ in 0..<4 {
            let ask = try #require(client.asks().first)
            asked.append(ask.to)
            try client.ack(ask)
            client.payload(ask)
            client.stored(.kept(PieceIndex(ask.piece), of: ask.to == 2 ? other : Client.content))
        }
        #expect(asked == [1, 2, 1, 2])
    }

    @Test func sourcesAreAskedInTurn() throws {
        var client = try Client.fetching(200, [1: Self.all, 2: Self.all, 3: Self.all])
        let asks = client.asks()
        #expect(asks.count == 6 && Set(asks.map(\.piece)).count == 6)
        for rank: Int32 in 1...3 { #expect(asks.count { $0.to == rank } == 2) }
    }

    @Test func aBufferIsLentBeforeThePieceIsAskedFor() throws {
        var client = try Client.fetching(3, [1: "###"])
        client.step()
        let effects = client.drain()
        let asked = try #require(Client.asks(effects).first)
        let lent = DownloaderEffect.lend(
            RequestNumber(asked.number), from: Rank(1), byteCount: 10)
        let request = Client.sent(
            .request(
                Client.content, piece: 0, run: 1, request: RequestNumber(asked.number), offer: 0),
            to: 1)
        let lentAt = try #require(effects.firstIndex(of: lent))
        let askedAt = try #require(effects.firstIndex(of: request))
        #expect(lentAt < askedAt)
    }

    @Test func aSourceThatChokesIsNotAsked() throws {
        var client = try Client.fetching(9, [1: "#########"], stance: .choked)
        #expect(client.asks() == [])
        try client.hear(.unchoke(offers: false), from: 1)
        #expect(client.asks().count == 2)
        var other = try Client.fetching(9, [1: "#########"], stance: .choked)
        try other.hear(.unchoke(offers: true), from: 1)
        #expect(other.asks() == [], "whoever offers is waited for")
    }

    @Test func anOfferedPieceIsRequestedUnderTheOffersNumber() throws {
        var client = try Client.fetching(9, [1: "#########"], stance: .offering)
        try client.offer([4, 5], number: 17, from: 1)
        let asks = Client.asks(client.drain())
        #expect(asks.map(\.piece) == [4] && asks.map(\.offer) == [17])
        try client.offer([4, 5], number: 18, from: 1)
        #expect(Client.asks(client.drain()).map(\.piece) == [5])
    }

    /// All offered pieces are here or under way; the decline names those that are here.
    @Test func uselessOffersAreDeclined() throws {
        var client = try Client.fetching(4, [1: "####", 2: "####"], stance: .offering)
        try client.offer([0], number: 1, from: 1)
        try client.deliver(try #require(Client.asks(client.drain()).first))
        try client.offer([1], number: 2, from: 1)
        _ = client.drain()
        try client.offer([0, 1], number: 5, from: 2)
        let effects = client.effects
        guard
            case .send(.upload(.decline(_, let number, let count)), let tail, let rank)? =
                effects.list.last
        else {
            Issue.record("the offer is not declined")
            return
        }
        #expect(number == 5 && count == 1 && rank == Rank(2))
        #expect(Array(effects.bytes(of: tail)) == [0, 0, 0, 0])
        #expect(client.downloader.branches.declines == 1)
    }

    @Test func anOfferOfPiecesThatDoNotExistIsRefused() throws {
        var client = try Client.fetching(4, [1: "####"], stance: .offering)
        #expect(throws: WireError.malformed) { try client.offer([4], from: 1) }
    }

    /// Offers stopped coming, so one piece is requested directly.
    @Test func aSourceWithoutOffersIsAskedInTheEnd() throws {
        var client = try Client.fetching(9, [1: "#########"], stance: .offering)
        try client.pass(.seconds(29))
        #expect(Client.asks(client.drain()) == [])
        try client.pass(.seconds(4))
        #expect(Client.asks(client.drain()).count == 1)
        #expect(client.downloader.branches.directRequests == 1)
    }

    /// The time that pieces take shows how long that is.
    @Test func missingOffersAreNoticedSoonerWithQuickPieces() throws {
        var client = try Client.fetching(9, [1: "#########"], stance: .offering)
        try client.offer([3], from: 1)
        let asked = try #require(client.asks().first)
        try client.pass(.milliseconds(100))
        try client.deliver(asked)
        try client.pass(.milliseconds(1800))
        #expect(Client.asks(client.drain()) == [])
        try client.pass(.seconds(3))
        #expect(Client.asks(client.drain()).count == 1)
    }
}
