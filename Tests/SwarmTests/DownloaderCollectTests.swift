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

    // MARK: Many sources at once

    private static let other = ContentID(high: 8, low: 8)

    /// Receives a piece from rank 1, and has no room for another content, all of which rank 2 has.
    private static func busy() throws -> Client {
        var client = try Client.fetchingFirst { $0.requestsInFlightMax = 1 }
        var tail: [UInt8] = []
        MemberList(seeds: [Rank(2)], peers: []).write(to: &tail)
        tail += Descriptor(inline: [1]).bytes
        try client.hear(.swarm(other, want: WantNumber(1), seeds: 1, peers: 0), tail: tail)
        let geometry = try #require(Client.geometry(2))
        client.stored(.opened(other, OpenedContent(geometry)))
        try client.hear(
            .bitfield(other, first: 0, count: 2, stance: .offering), tail: [0b11], from: 2)
        try client.ack(try #require(client.asks().first))
        return client
    }

    private static func offer(places: UInt32 = 0, to client: inout Client) throws {
        var tail: [UInt8] = []
        tail.write([PieceIndex(0)][...])
        try client.hear(.offer(other, number: 1, count: 1, places: places), tail: tail, from: 2)
    }

    private static func reportsStall(_ effects: [DownloaderEffect]) -> Bool {
        effects.contains {
            if case .send(.tracker(.stalled(other, _, _, _)), _, _) = $0 { true } else { false }
        }
    }

    /// The tracker would count the content as lost after a few leases, although its source waits
    /// for nothing but this rank.
    @Test(arguments: [0, 4] as [UInt32]) func aSourceThatWaitsForThisRankIsNoStall(
        places: UInt32
    ) throws {
        var client = try Self.busy()
        try Self.offer(places: places, to: &client)
        #expect(client.drain().contains { $0.isDecline } == (places == 0))
        for _ in 0..<4 {
            try client.pass(.seconds(2))
            #expect(!Self.reportsStall(client.drain()))
        }
    }

    @Test(arguments: [false, true]) func aSourceThatOffersNothingOrLeavesIsAStall(
        hasOffered: Bool
    ) throws {
        var client = try Self.busy()
        if hasOffered {
            try Self.offer(to: &client)
            try client.hear(
                .swarm(Self.other, want: WantNumber(1), seeds: 0, peers: 0),
                tail: Descriptor(inline: [1]).bytes)
        }
        _ = client.drain()
        try client.pass(.seconds(2))
        #expect(Self.reportsStall(client.drain()))
    }
}

extension DownloaderEffect {
    fileprivate var isDecline: Bool {
        if case .send(.upload(.decline), _, _) = self { true } else { false }
    }
}
