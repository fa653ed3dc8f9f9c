import Testing
import Vocabulary
import Wire

@testable import Swarm

/// Orders of users to a downloader while the job runs.
struct DownloaderOrdersTests {
    static func running() throws -> Client {
        var client = try Client(3, rules: { $0.kind = .standing }, isLive: true)
        try client.hear(.fileListRequest)
        try client.hear(.joinAck(peers: 9))
        client.step()
        _ = client.drain()
        return client
    }

    private static func ticket(_ number: UInt64) -> OrderTicket { OrderTicket(number) }

    private func get(
        _ client: inout Client, _ name: String, _ number: UInt64, from source: Int32? = nil
    ) throws {
        let order = GetOrder(
            ticket: Self.ticket(number), choice: .name(try RelativePath(name)),
            source: source.map { Rank($0) })
        client.note(.ordered(.get(order)))
        client.step()
    }

    private func reports(_ client: inout Client) -> [LiveNews] {
        client.drain().compactMap { if case .report(let news) = $0 { news } else { nil } }
    }

    /// From the order to the last piece.
    private func fetch(_ client: inout Client, from rank: Int32) throws {
        try client.bitfield("###", from: rank)
        while true {
            let asks = client.asks()
            for asked in asks { try client.deliver(asked) }
            if asks.isEmpty { break }
        }
        #expect(client.transfer.have.isFull)
    }

    @Test func aRankWithNothingToDoGoesOn() throws {
        var client = try Self.running()
        try client.pass(.seconds(30))
        #expect(client.downloader.stage == .running)
        #expect(!client.downloader.isExpecting)
    }

    @Test func anOrderedFileIsFetchedAndReported() throws {
        var client = try Self.running()
        try get(&client, "a", 5)
        _ = client.drain()
        try client.swarm(seeds: [1], peers: [])
        let effects = client.drain()
        #expect(
            effects.first == .store(.aim(WantNumber(0), of: Client.content, at: Self.ticket(5))),
            "the store knows whose it is when it opens it")
        client.open()
        try fetch(&client, from: 1)
        client.stored(.finished(Client.content, WantNumber(0)))
        #expect(reports(&client) == [.delivered(Self.ticket(5), Client.content)])
        #expect(!client.downloader.isExpecting)
    }

    @Test func aSecondOrderTakesThePlaceOfADoneOne() throws {
        var client = try Self.running()
        for number: UInt64 in 1...5 {
            try get(&client, "a", number)
            try client.swarm(seeds: [1], peers: [])
            client.open()
            try fetch(&client, from: 1)
            client.stored(.finished(Client.content, WantNumber(0)))
            // The swarm was asked for again after the first piece.
            try client.swarm(seeds: [1], peers: [])
            #expect(reports(&client).last == .delivered(Self.ticket(number), Client.content))
        }
        #expect(client.downloader.transfers.count == 1)
    }

    /// Its transfer has made room, and the rank still seeds the content.
    @Test func anEarlierFetchedContentIsStillServed() throws {
        var client = try Self.running()
        try get(&client, "a", 1)
        try client.swarm(seeds: [1], peers: [])
        client.open()
        try fetch(&client, from: 1)
        client.stored(.finished(Client.content, WantNumber(0)))
        try client.swarm(seeds: [1], peers: [])
        try get(&client, "b", 2)
        #expect(client.downloader.transfers.count == 1)
        _ = client.drain()
        try client.hear(.joinAck(peers: 9))
        #expect(client.drain().contains(Client.told(.fileCompleted(Client.content))))
        client.note(.pieceLost(PieceIndex(0), of: Client.content))
        let effects = client.drain()
        #expect(effects.contains(.tell(.contentGone(Client.content))))
        #expect(
            effects.contains { effect in
                if case .send(.tracker(.fileListUpdate), _, _) = effect { true } else { false }
            })
    }

    @Test func aTransferWithAnAnswerDueIsNotReplaced() throws {
        var client = try Self.running()
        try get(&client, "a", 1)
        try client.pass(.seconds(3))
        try client.hear(.swarmUnknown(want: WantNumber(0)))
        #expect(reports(&client) == [.failed(Self.ticket(1), .unknown)])
        try get(&client, "b", 2)
        #expect(client.downloader.transfers.count == 2)
        try client.hear(.swarmUnknown(want: WantNumber(0)))
        #expect(reports(&client) == [], "that was the answer to the first one")
        try client.hear(.swarmUnknown(want: WantNumber(1)))
        #expect(reports(&client) == [.failed(Self.ticket(2), .unknown)])
    }

    @Test func onlyTheNamedRankIsAsked() throws {
        var client = try Self.running()
        try get(&client, "a", 1, from: 2)
        try client.swarm(seeds: [1, 2], peers: [3])
        client.open()
        let queries = client.drain().compactMap { effect -> Int32? in
            if case .send(.upload(.piecesQuery), _, let rank) = effect { rank.raw } else { nil }
        }
        #expect(queries == [2])
        client.note(.introduced(Rank(3), PieceSet(all: 3), of: Client.content, isLast: true))
        #expect(client.source(3) == nil)
    }

    /// One user wants the file from one rank alone, and another user from any rank.
    @Test func anOrderBoundToNoRankOutlivesOneThatIs() throws {
        var client = try Self.running()
        try get(&client, "a", 1, from: 2)
        try client.swarm(seeds: [2], peers: [3])
        client.open()
        try get(&client, "a", 2)
        try client.swarm(seeds: [2], peers: [3], want: 1)
        _ = client.drain()
        try client.swarm(seeds: [3], peers: [])
        #expect(reports(&client) == [.failed(Self.ticket(1), .notThere)])
        try client.swarm(seeds: [3], peers: [], want: 1)
        let isOpened = client.drain().contains { effect in
            if case .store(.open(Client.content), _) = effect { true } else { false }
        }
        #expect(isOpened)
    }

    @Test func anOrderFailsIfTheNamedRankDoesNotHaveTheContent() throws {
        var client = try Self.running()
        try get(&client, "a", 1, from: 4)
        try client.swarm(seeds: [1], peers: [])
        #expect(reports(&client) == [.failed(Self.ticket(1), .notThere)])
    }

    @Test func aWithdrawnContentEndsItsOrderWithThatReason() throws {
        var client = try Self.running()
        try get(&client, "a", 1)
        try client.swarm(seeds: [1], peers: [])
        client.open()
        try client.bitfield("###", from: 1)
        _ = client.asks()
        try client.hear(.withdrawn(Client.content))
        let effects = client.drain()
        #expect(effects.contains(.report(.failed(Self.ticket(1), .withdrawn))))
        #expect(effects.contains(.store(.release(WantNumber(0)))), "its room is others'")
        try client.pass(.seconds(1))
        #expect(!client.downloader.isExpecting)
    }

    @Test func filesAreReportedWhenTheyComeAndGo() throws {
        var client = try Self.running()
        let name = try RelativePath("mine")
        guard let geometry = Client.geometry(3) else { return }
        let file = Share.Owned(
            name: name, content: Client.content, geometry: geometry,
            manifest: Descriptor(inline: [1]))
        client.note(.ordered(.share([file])))
        client.note(.ordered(.unshare([Share.Gone(name: name, content: Client.content)])))
        let updates = client.drain().compactMap { effect -> TrackerMessage? in
            if case .send(.tracker(let message), _, _) = effect { message } else { nil }
        }
        let update = TrackerMessage.fileListUpdate(page: 0, entries: 1, isLast: true)
        #expect(updates == [update, update])
        #expect(client.downloader.fetching.inventory.owned.isEmpty)
    }

    @Test func aRankThatLeftMayComeBack() throws {
        var client = try Self.running()
        try get(&client, "a", 1)
        _ = client.drain()
        client.note(.ordered(.leave(Self.ticket(2))))
        let effects = client.drain()
        #expect(effects.contains(.report(.failed(Self.ticket(1), .left))))
        #expect(effects.contains(.tell(.away)))
        #expect(effects.contains(Client.told(.leave)))
        try client.hear(.leaveAck)
        #expect(reports(&client) == [.done(Self.ticket(2))])
        #expect(client.downloader.stage == .away)
        try get(&client, "a", 3)
        #expect(reports(&client) == [.failed(Self.ticket(3), .left)])
        client.wakeUp()
        #expect(client.drain().contains(Client.told(.leave)), "a sign of life")
        client.note(.ordered(.join(Self.ticket(4))))
        #expect(client.drain().contains(Client.told(.join)))
        try client.hear(.fileListRequest)
        try client.hear(.joinAck(peers: 9))
        #expect(reports(&client) == [.done(Self.ticket(4))])
        try client.pass(.seconds(60))
        #expect(client.downloader.stage == .running)
    }

    @Test func listsOfDifferentContentsAreRequestedInTurn() throws {
        var client = try Self.running()
        client.note(.ordered(.roll(Self.ticket(1), of: .none)))
        client.note(.ordered(.roll(Self.ticket(2), of: Client.content)))
        client.note(.ordered(.roll(Self.ticket(3), of: Client.content)))
        #expect(client.drain() == [Client.told(.rollRequest(of: .none, from: 0))])
        try client.hear(.roll(from: 0, entries: 0, isLast: true))
        #expect(
            client.drain() == [
                .report(.roll(Self.ticket(1), [])),
                Client.told(.rollRequest(of: Client.content, from: 0)),
            ])
        try client.hear(.roll(from: 0, entries: 0, isLast: true))
        #expect(
            reports(&client) == [.roll(Self.ticket(2), []), .roll(Self.ticket(3), [])])
    }

    @Test func aRankThatIsAwayNoticesASilentTracker() throws {
        var client = try Self.running()
        client.note(.ordered(.leave(Self.ticket(2))))
        try client.hear(.leaveAck)
        try client.pass(.seconds(30), trackerLives: false)
        #expect(client.downloader.stage == .over)
    }

    /// This process was stopped, not the tracker.
    @Test func aStoppedRankDoesNotBlameTheTracker() throws {
        var client = try Self.running()
        client.stand(still: .seconds(60))
        #expect(!client.downloader.isAbandoned)
        try client.pass(.seconds(30), trackerLives: false)
        #expect(client.downloader.isAbandoned)
        #expect(client.drain().contains(.tell(.lingering(true))))
    }

    @Test func questionsAreAnsweredWithoutATracker() throws {
        var client = try Self.running()
        try client.pass(.seconds(24), trackerLives: false)
        _ = client.drain()
        client.note(.ordered(.catalog(Self.ticket(1))))
        try client.pass(.seconds(4), trackerLives: false)
        #expect(client.drain().contains(.report(.failed(Self.ticket(1), .trackerLost))))
    }

    @Test func listsComeInPagesAndOneAtATime() throws {
        var client = try Self.running()
        for number: UInt64 in 1...2 { client.note(.ordered(.catalog(Self.ticket(number)))) }
        #expect(client.drain() == [Client.told(.catalogRequest(from: 0))])
        let entries = try ["a", "b"].map { name in
            CatalogEntry(
                name: try RelativePath(name), content: Client.content, size: ByteCount(1),
                pieces: 1, seeds: name == "a" ? 1 : 0, peers: 0)
        }
        var tails: [[UInt8]] = [[], []]
        for (place, entry) in entries.enumerated() { entry.write(to: &tails[place]) }
        try client.hear(.catalog(from: 0, entries: 1, isLast: false), tail: tails[0])
        #expect(client.drain() == [Client.told(.catalogRequest(from: 1))])
        try client.hear(.catalog(from: 1, entries: 1, isLast: true), tail: tails[1])
        #expect(
            client.drain() == [
                .report(.catalog(Self.ticket(1), [entries[0]])),
                Client.told(.catalogRequest(from: 0)),
            ], "what nobody has is left out, and the second list is a newer one")
    }
}
