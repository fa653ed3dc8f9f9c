import Testing
import Vocabulary
import Wire

@testable import Swarm

/// The files that a downloader lists when it comes back, and those that it no longer lists.
struct DownloaderReturnTests {
    private static let ticket = OrderTicket(1)
    private static let completed = Client.told(.fileCompleted(Client.content))

    /// It has fetched one file.
    private static func fetched() throws -> Client {
        var client = try Client(3, rules: { $0.kind = .standing }, isLive: true)
        try client.hear(.fileListRequest)
        try client.hear(.joinAck(peers: 9))
        try client.fetch("a", ticket)
        _ = client.drain()
        return client
    }

    private static func file() throws -> Share.Owned {
        Share.Owned(
            name: try RelativePath("a"), content: Client.content,
            geometry: try #require(Client.geometry(3)), manifest: Descriptor(inline: [1]))
    }

    private static func updates(_ effects: [DownloaderEffect]) -> Int {
        effects.count { effect in
            if case .send(.tracker(.fileListUpdate), _, _) = effect { true } else { false }
        }
    }

    @Test func fetchedFilesAreListedAgain() throws {
        var client = try Self.fetched()
        try client.hear(.joinAck(peers: 9))
        #expect(client.drain().contains(Self.completed))
    }

    /// The watcher of the shared folder that the file lies in notices that it has gone.
    @Test func aFetchedFileThatWasUnsharedIsNotListedAgain() throws {
        var client = try Self.fetched()
        let file = try Self.file()
        client.note(.ordered(.share([file])))
        client.note(.ordered(.unshare([Share.Gone(name: file.name, content: file.content)])))
        _ = client.drain()
        try client.hear(.joinAck(peers: 9))
        #expect(!client.drain().contains(Self.completed))
    }

    /// The tracker is not informed at that moment, and the file is still not listed later.
    @Test func aFileThatWentWhileTheRankWasAwayIsNotListedAgain() throws {
        var client = try Self.fetched()
        client.note(.ordered(.leave(OrderTicket(2))))
        try client.hear(.leaveAck)
        _ = client.drain()
        client.note(.pieceLost(PieceIndex(0), of: Client.content))
        #expect(Self.updates(client.drain()) == 0)
        client.note(.ordered(.join(OrderTicket(3))))
        try client.hear(.fileListRequest)
        try client.hear(.joinAck(peers: 9))
        #expect(!client.drain().contains(Self.completed))
    }

    /// A new date does not change a file's content, but a piece could not be read meanwhile.
    @Test func anUnreadableFileIsOfferedAgainOnceItIsReadable() throws {
        var client = try Client(3, rules: { $0.kind = .standing }, isLive: true)
        try client.hear(.fileListRequest)
        try client.hear(.joinAck(peers: 9))
        let file = try Self.file()
        client.note(.ordered(.share([file])))
        _ = client.drain()
        client.note(.ordered(.renew(file)))
        #expect(Self.updates(client.drain()) == 0, "it is offered already")
        client.note(.pieceLost(PieceIndex(0), of: Client.content))
        #expect(Self.updates(client.drain()) == 1)
        client.note(.ordered(.renew(file)))
        #expect(Self.updates(client.drain()) == 1)
        #expect(client.downloader.fetching.inventory.owned.count == 1)
    }

    /// Its manifest is a content of its own, which other ranks fetch before the file.
    @Test func theManifestOfAFileThatCameBackIsServed() throws {
        var client = try Client(3, rules: { $0.kind = .standing }, isLive: true)
        let nested = ContentID(high: 8, low: 9)
        let geometry = try #require(Client.geometry(1))
        let file = Share.Owned(
            name: try RelativePath("a"), content: Client.content,
            geometry: try #require(Client.geometry(3)),
            manifest: Descriptor(nested: nested, manifest: [1]), nestedGeometry: geometry)
        let gone = Share.Gone(name: file.name, content: file.content)
        for order in [LiveOrder.share([file]), .unshare([gone]), .share([file])] {
            client.note(.ordered(order))
        }
        let notes = client.drain().filter { effect in
            switch effect {
            case .tell(.contentOpened(nested, _, _)), .tell(.contentGone(nested)): true
            default: false
            }
        }
        let opened = DownloaderEffect.tell(
            .contentOpened(nested, geometry, held: PieceSet(all: 1)))
        #expect(notes == [opened, .tell(.contentGone(nested)), opened])
    }

    /// Other ranks may have it, but the user wanted it from this one alone.
    @Test func theOnlyAllowedSourceLeaves() throws {
        var client = try Client(3, rules: { $0.kind = .standing }, isLive: true)
        try client.hear(.fileListRequest)
        try client.hear(.joinAck(peers: 9))
        client.note(
            .ordered(
                .get(
                    GetOrder(
                        ticket: Self.ticket, choice: .name(try RelativePath("a")),
                        source: Rank(2)))))
        client.step()
        try client.swarm(seeds: [1, 2], peers: [])
        client.open()
        _ = client.drain()
        try client.swarm(seeds: [1], peers: [])
        #expect(client.drain().contains(.report(.failed(Self.ticket, .notThere))))
    }

    /// The tracker names only a few of many members.
    @Test func theChosenSourceIsAskedThoughTheTrackerDoesNotNameIt() throws {
        var client = try Client(3, rules: { $0.kind = .standing }, isLive: true)
        try client.hear(.fileListRequest)
        try client.hear(.joinAck(peers: 500))
        client.note(
            .ordered(
                .get(
                    GetOrder(
                        ticket: Self.ticket, choice: .content(Client.content),
                        source: Rank(300)))))
        client.step()
        try client.swarm(seeds: [1, 2], peers: [])
        client.open()
        let queries = client.drain().compactMap { effect -> Int32? in
            if case .send(.upload(.piecesQuery), _, let rank) = effect { rank.raw } else { nil }
        }
        #expect(queries == [300])
    }

    /// A user removes a folder.
    @Test func manyRemovedFilesAreReportedTogether() throws {
        var client = try Client(3, rules: { $0.kind = .standing }, isLive: true)
        try client.hear(.fileListRequest)
        try client.hear(.joinAck(peers: 9))
        let geometry = try #require(Client.geometry(3))
        let files = try (1...100).map { number in
            Share.Owned(
                name: try RelativePath("f\(number)"),
                content: ContentID(high: 1, low: UInt64(number)), geometry: geometry,
                manifest: Descriptor(inline: [1]))
        }
        client.note(.ordered(.share(files)))
        _ = client.drain()
        let gone = files.dropFirst().map { Share.Gone(name: $0.name, content: $0.content) }
        client.note(.ordered(.unshare(gone)))
        let effects = client.drain()
        #expect(Self.updates(effects) == 1)
        #expect(effects.count { if case .tell(.contentGone) = $0 { true } else { false } } == 99)
        #expect(client.downloader.fetching.inventory.owned == [files[0]])
    }
}
