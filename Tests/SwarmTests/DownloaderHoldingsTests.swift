import Testing
import Vocabulary
import Wire

@testable import Swarm

/// Users' questions about the pieces of other ranks, and reports of the files that a rank has
/// found.
struct DownloaderHoldingsTests {
    private static func running() throws -> Client {
        var client = try Client(3, rules: { $0.kind = .standing }, isLive: true)
        try client.hear(.fileListRequest)
        try client.hear(.joinAck(peers: 9))
        client.step()
        _ = client.drain()
        return client
    }

    private static func ticket(_ number: UInt64) -> OrderTicket { OrderTicket(number) }

    private func reports(_ client: inout Client) -> [LiveNews] {
        client.drain().compactMap { if case .report(let news) = $0 { news } else { nil } }
    }

    @Test func thePiecesOfARankAreRequestedPageByPage() throws {
        var client = try Self.running()
        for number: UInt64 in 1...2 {
            client.note(.ordered(.holding(Self.ticket(number), of: Client.content, at: Rank(4))))
        }
        let first = Client.sent(.holdingQuery(Client.content, first: 0), to: 4)
        #expect(client.drain() == [first, first])
        func page(_ first: UInt32, _ count: UInt32) -> DownloadMessage {
            .holding(Client.content, first: first, count: count, pieces: 11)
        }
        try client.hear(page(0, 8), tail: [0b101], from: 3)
        #expect(client.drain() == [], "another rank was not asked")
        try client.hear(page(0, 8), tail: [0b101], from: 4)
        #expect(client.drain() == [Client.sent(.holdingQuery(Client.content, first: 8), to: 4)])
        try client.hear(page(8, 3), tail: [0b100], from: 4)
        var held = PieceSet(none: 11)
        for piece in [0, 2, 10] { held.insert(PieceIndex(piece)) }
        #expect(
            reports(&client) == [.holding(Self.ticket(1), held), .holding(Self.ticket(2), held)])
        try client.hear(page(8, 3), tail: [0b100], from: 4)
        #expect(client.drain() == [])
        client.note(.ordered(.holding(Self.ticket(3), of: Client.content, at: Rank(5))))
        _ = client.drain()
        let nothing = DownloadMessage.holding(Client.content, first: 0, count: 0, pieces: 0)
        try client.hear(nothing, from: 5)
        #expect(reports(&client) == [.holding(Self.ticket(3), nil)])
        #expect(throws: WireError.malformed) {
            try client.hear(
                .holding(Client.content, first: 8, count: 4, pieces: 11), tail: [0], from: 4)
        }
    }

    @Test func ranksThatDoNotAnswerAreForgotten() throws {
        var client = try Self.running()
        for number: UInt64 in 1...257 {
            let rank = Rank(Int32(number) + 1)
            client.note(.ordered(.holding(Self.ticket(number), of: Client.content, at: rank)))
        }
        #expect(reports(&client) == [.failed(Self.ticket(1), .notThere)])
        client.note(.ordered(.leave(Self.ticket(999))))
        #expect(reports(&client).count == 256)
    }

    /// Every tracker that the rank joins has to know which files are still to be announced.
    @Test func theFirstScanIsReportedAfterTheFilesItFound() throws {
        var client = try Self.running()
        let file = Share.Reading(name: try RelativePath("long"), size: ByteCount(9))
        client.note(.ordered(.reading([file])))
        client.note(.ordered(.looked))
        let told = client.drain().compactMap { effect in
            if case .send(.tracker(let message), _, _) = effect { message } else { nil }
        }
        #expect(told == [.fileListUpdate(page: 0, entries: 1, isLast: true), .looked])
        try client.hear(.fileListRequest)
        let again = client.drain().compactMap { effect in
            if case .send(.tracker(let message), _, _) = effect { message } else { nil }
        }
        #expect(again == [.fileList(page: 0, entries: 1, isLast: true), .looked])
    }
}
