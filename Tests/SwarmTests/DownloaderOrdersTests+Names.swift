import Testing
import Vocabulary
import Wire

@testable import Swarm

/// One content that a rank owns under several names.
extension DownloaderOrdersTests {
    static func twoNames(_ geometry: Geometry) throws -> [Share.Owned] {
        try ["a", "b"].map {
            Share.Owned(
                name: try RelativePath($0), content: Client.content, geometry: geometry,
                manifest: Descriptor(inline: [1]))
        }
    }

    /// The file has changed, so its content is fetched from others like any other. Once it has its
    /// former bytes again, it is shared again.
    @Test func anOwnedFileThatChangedIsFetched() throws {
        var client = try Client(3, owns: "a", rules: { $0.kind = .standing }, isLive: true)
        try client.hear(.fileListRequest)
        try client.hear(.joinAck(peers: 9))
        let file = try #require(client.downloader.fetching.inventory.owned.first)
        client.note(.pieceLost(PieceIndex(0), of: Client.content))
        _ = client.drain()
        let order = GetOrder(ticket: OrderTicket(1), choice: .name(file.name))
        client.note(.ordered(.get(order)))
        client.step()
        let isAsked = client.drain().contains { effect in
            if case .send(.tracker(.swarmRequest), _, _) = effect { true } else { false }
        }
        #expect(isAsked)
        try client.swarm(seeds: [1], peers: [])
        client.open()
        #expect(client.downloader.fetching.inventory.owned.isEmpty)
        client.note(.ordered(.renew(file)))
        #expect(client.downloader.fetching.inventory.owned == [file])
    }

    /// The uploader goes on serving the content.
    @Test func theSameBytesUnderAnotherNameStay() throws {
        var client = try Self.running()
        guard let geometry = Client.geometry(3) else { return }
        let files = try Self.twoNames(geometry)
        let gone = files.map { Share.Gone(name: $0.name, content: $0.content) }
        client.note(.ordered(.share(files)))
        client.note(.ordered(.unshare([gone[0]])))
        #expect(!client.drain().contains(.tell(.contentGone(Client.content))))
        #expect(client.downloader.fetching.inventory.owned == [files[1]])
        client.note(.ordered(.share([files[0]])))
        client.note(.ordered(.unshare(gone)))
        let told = client.drain().filter { $0 == .tell(.contentGone(Client.content)) }
        #expect(told.count == 1)
        #expect(client.downloader.fetching.inventory.owned.isEmpty)
    }

    /// The tracker must not take this rank for a seed of it under any name.
    @Test func aLostPieceWithdrawsAllNames() throws {
        var client = try Self.running()
        guard let geometry = Client.geometry(3) else { return }
        let files = try Self.twoNames(geometry)
        client.note(.ordered(.share(files)))
        _ = client.drain()
        client.note(.pieceLost(PieceIndex(0), of: Client.content))
        let update = TrackerMessage.fileListUpdate(page: 0, entries: 2, isLast: true)
        let updates = client.drain().compactMap { effect -> TrackerMessage? in
            if case .send(.tracker(let message), _, _) = effect { message } else { nil }
        }
        #expect(updates == [update])
    }
}
