import Testing
import Vocabulary
import Wire

@testable import Swarm

/// A file that the store is giving its name: a copy to another disk takes long.
struct DownloaderNamingTests {
    private static func order(
        _ client: inout Client, _ name: String, _ ticket: UInt64
    ) throws {
        let name = try RelativePath(name)
        client.note(.ordered(.get(GetOrder(ticket: OrderTicket(ticket), choice: .name(name)))))
        client.step()
    }

    private static func delivered(_ client: inout Client) -> [OrderTicket] {
        client.drain().compactMap { effect in
            if case .report(.delivered(let ticket, _)) = effect { ticket } else { nil }
        }
    }

    /// Meanwhile its user leaves, comes back and wants another file.
    @Test func itsNumberIsNotGivenToAnotherOrder() throws {
        var client = try DownloaderOrdersTests.running()
        try client.fetchUnnamed("a", OrderTicket(1))
        // The swarm was asked for again after the first piece.
        try client.swarm(seeds: [1], peers: [])
        client.note(.ordered(.leave(OrderTicket(2))))
        #expect(client.drain().contains(.report(.failed(OrderTicket(1), .left))))
        try client.hear(.leaveAck)
        client.note(.ordered(.join(OrderTicket(3))))
        try client.hear(.fileListRequest)
        try client.hear(.joinAck(peers: 9))
        try Self.order(&client, "b", 4)
        client.stored(.finished(Client.content, WantNumber(0)))
        #expect(!Self.delivered(&client).contains(OrderTicket(4)))
        #expect(client.downloader.transfers.count == 2)
        try Self.order(&client, "c", 5)
        #expect(client.downloader.transfers.count == 2, "the number is free again")
    }
}
