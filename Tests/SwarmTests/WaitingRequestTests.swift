import Testing
import Vocabulary
import Wire

@testable import Swarm

/// Contents that a rank describes while the job runs, and the requests that wait for them.
struct WaitingRequestTests {
    private static let name = "a"

    /// Ranks 2 and 3 want what rank 1 still reads.
    private static func waiting() throws -> Group {
        var group = Group(3) { $0.kind = .staged }
        try group.list([.reading(try RelativePath(name), size: .zero)], from: 1)
        for rank: Int32 in 2...3 { try group.list([Group.wanted(name)], from: rank) }
        for rank: Int32 in 2...3 { try group.ask(name, from: rank) }
        _ = group.drain()
        return group
    }

    private static func update(_ group: inout Group, _ entry: FileListEntry) throws {
        var tail: [UInt8] = []
        entry.write(to: &tail)
        try group.hear(.fileListUpdate(page: 0, entries: 1, isLast: true), tail: tail, from: 1)
    }

    private static func described() throws -> FileListEntry {
        .described(
            try RelativePath(name), Group.content, size: ByteCount(100), pieces: 10,
            manifest: Descriptor(inline: [1]))
    }

    /// They would ask again only after some seconds.
    @Test func aDescribedContentAnswersThoseWhoWaitForIt() throws {
        var group = try Self.waiting()
        try Self.update(&group, Self.described())
        let answers = group.drain().compactMap { deed -> Int32? in
            guard case .send(.download(.swarm(Group.content, _, _, let peers)), let rank, _) = deed
            else { return nil }
            #expect(peers == 2, "the one that describes, and the other one that waits")
            return rank
        }
        #expect(answers == [2, 3])
        try Self.update(&group, Self.described())
        #expect(group.drain() == [], "each is answered once")
    }

    @Test func aNameThatStandsForNothingIsUnknownAtOnce() throws {
        var group = try Self.waiting()
        try group.ask(Self.name, from: 2)
        try Self.update(&group, .notReading(try RelativePath(Self.name)))
        let unknown = DownloadMessage.swarmUnknown(want: WantNumber(0))
        #expect(group.drain() == [.send(unknown, to: 2), .send(unknown, to: 3)])
    }

    @Test func theNumberOfWaitingRequestsIsLimited() throws {
        var requests = WaitingRequests()
        let name = try RelativePath(Self.name)
        for number in 0...WaitingRequests.waitersMax {
            let waiter = PendingQuery.Waiter(
                peer: 0, want: WantNumber(0), needsManifest: true, isAnswered: true)
            requests.note(waiter, for: try RelativePath("n\(number)"))
        }
        let last = PendingQuery.Waiter(
            peer: 1, want: WantNumber(0), needsManifest: true, isAnswered: true)
        requests.note(last, for: name)
        #expect(requests.take(name) == [])
        #expect(requests.take(try RelativePath("n0")).count == 1)
        requests.note(last, for: name)
        #expect(requests.take(name) == [last])
    }

    // MARK: The rank that describes

    @Test func aContentIsDescribedWithItsLongManifest() throws {
        var client = try Client(3)
        try client.hear(.fileListRequest)
        _ = client.drain()
        let geometry = try #require(Client.geometry(2))
        let nested = ContentID(high: 8, low: 8)
        let owned = Share.Owned(
            name: try RelativePath("b"), content: Client.content, geometry: geometry,
            manifest: Descriptor(nested: nested, manifest: [1]), nestedGeometry: geometry)
        client.note(.ordered(.describe([owned])))
        let effects = client.drain()
        #expect(
            effects.contains(
                .tell(.contentOpened(nested, geometry, held: PieceSet(all: 2)))))
        let updates = effects.filter {
            if case .send(.tracker(.fileListUpdate(0, 1, true)), _, _) = $0 { true } else { false }
        }
        #expect(updates.count == 1)
    }

    /// The whole of a tree takes over the files of its parts, so it begins when these are here.
    @Test func theLastWantWaitsForTheOthers() throws {
        var client = try Client(1, want: "a", "b") { $0.lastWantWaits = true }
        try client.hear(.fileListRequest)
        try client.hear(.joinAck(peers: 9))
        #expect(Self.wants(client.drain()) == [0])
        try client.hear(.swarmUnknown(want: WantNumber(0)))
        client.step()
        #expect(Self.wants(client.drain()) == [1])
    }

    /// What a part lacks comes with the whole.
    @Test func onlyTheFailureOfTheLastWantCounts() throws {
        var client = try Client(1, want: "a", "b") { $0.lastWantWaits = true }
        try client.hear(.fileListRequest)
        try client.hear(.joinAck(peers: 9))
        try client.hear(.swarmUnknown(want: WantNumber(0)))
        client.step()
        #expect(client.downloader.totals.wanted == 1)
        try client.hear(.swarmUnknown(want: WantNumber(1)))
        client.step()
        let table = client.downloader.fetching.transfers
        #expect(table.reportEntries(onlyLastMatters: true).count == 1)
        #expect(table.reportEntries(onlyLastMatters: false).count == 2)
    }

    /// The disk was full when its files got their dates.
    @Test func aPartThatFailsInTheEndIsNotDelivered() throws {
        var client = try Client(1, want: "a", "b") { $0.lastWantWaits = true }
        try client.hear(.fileListRequest)
        try client.hear(.joinAck(peers: 9))
        try client.swarm(seeds: [1], peers: [])
        client.open { $0.held = PieceSet(all: 1) }
        #expect(client.transfer.stage == .finishing)
        client.stored(.failed(Client.content, .failing(errno: 28)))
        client.stored(.finished(Client.content, WantNumber(0)))
        #expect(client.downloader.totals.wanted == 1)
        #expect(client.downloader.totals.delivered == 0)
    }

    private static func wants(_ effects: [DownloaderEffect]) -> [UInt32] {
        effects.compactMap {
            guard case .send(.tracker(.swarmRequest(_, let want, _, _)), _, _) = $0 else {
                return nil
            }
            return want.raw
        }
    }
}
