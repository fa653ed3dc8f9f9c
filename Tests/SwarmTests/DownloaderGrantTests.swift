import Testing
import Vocabulary
import Wire

@testable import Swarm

/// Offers that may wait: which of them is accepted, and when.
struct DownloaderGrantTests {
    private static let some = String(repeating: "#", count: 29) + "."

    /// A client that takes six pieces from ranks 1 to 6, and lets rank 7 wait. A piece takes a
    /// second.
    private static func busy(
        _ sources: [Int32: String] = [:], rules: (inout DownloaderRules) -> Void = { _ in }
    ) throws -> (client: Client, asks: [Asked]) {
        var all = Dictionary(uniqueKeysWithValues: (1...9).map { (Int32($0), some) })
        all.merge(sources) { $1 }
        var client = try Client.fetching(30, all, stance: .offering, rules: rules)
        try client.offer([0], from: 1)
        let first = try #require(Client.asks(client.drain()).first)
        try client.ack(first)
        try client.pass(.seconds(1))
        client.payload(first)
        client.kept(first)
        _ = client.drain()
        for rank: Int32 in 1...7 {
            try client.offer([Int(rank)], number: UInt32(rank), places: 6, from: rank)
        }
        let effects = client.drain()
        #expect(declines(effects) == [])
        return (client, Client.asks(effects))
    }

    /// Their senders have four, and another one has twelve.
    @Test func asManyAreAcceptedAsSendersHavePlaces() throws {
        var client = try Client.fetching(
            30, Dictionary(uniqueKeysWithValues: (1...9).map { (Int32($0), Self.some) }),
            stance: .offering)
        for rank: Int32 in 1...8 {
            try client.offer([Int(rank)], number: UInt32(rank), places: 4, from: rank)
        }
        #expect(client.asks().map(\.to) == [1, 2, 3, 4])
        try client.offer([9], number: 9, places: 12, from: 9)
        #expect(client.asks().count == 1, "a fifth, since they have five on average")
    }

    private static func declines(_ effects: [DownloaderEffect]) -> [Int32] {
        effects.compactMap {
            if case .send(.upload(.decline), _, let rank) = $0 { rank.raw } else { nil }
        }
    }

    @Test func sixAreAcceptedAndTheSeventhWaits() throws {
        var (client, asks) = try Self.busy()
        #expect(asks.map(\.to) == [1, 2, 3, 4, 5, 6] && asks.map(\.offer) == [1, 2, 3, 4, 5, 6])
        #expect(client.asks() == [])
        try client.deliver(asks[0])
        #expect(client.asks().map(\.to) == [7])
        #expect(client.downloader.bids.isEmpty)
    }

    @Test func anOfferThatMayNotWaitIsAnsweredAtOnce() throws {
        var (client, _) = try Self.busy()
        try client.offer([9], from: 8)
        #expect(Client.asks(client.drain()).map(\.to) == [8])
    }

    /// Its pieces are new to all others.
    @Test func anOfferOfASeedIsAcceptedFirst() throws {
        for _ in 0..<8 {
            var (client, asks) = try Self.busy([9: String(repeating: "#", count: 30)])
            try client.offer([8], number: 8, places: 6, from: 8)
            try client.offer([9], number: 9, places: 6, from: 9)
            try client.deliver(asks[1])
            #expect(client.asks().map(\.to) == [9])
        }
    }

    @Test func aLaterOfferOfTheSameSourceTakesThePlaceOfTheFirst() throws {
        var (client, asks) = try Self.busy()
        try client.offer([14], number: 9, places: 6, from: 7)
        try client.deliver(asks[0])
        #expect(client.asks().map(\.offer) == [9])
    }

    @Test func aWithdrawnOfferIsNotAccepted() throws {
        var (client, asks) = try Self.busy()
        try client.hear(.offerWithdrawn(Client.content, number: 7), from: 7)
        try client.deliver(asks[0])
        #expect(client.asks() == [])
    }

    @Test func whatADeadSourceWasGrantedGoesToTheNext() throws {
        var (client, asks) = try Self.busy()
        client.note(.died(Rank(asks[2].to)))
        #expect(client.asks().map(\.to) == [7])
    }

    @Test func whatALeavingSourceWasGrantedGoesToTheNext() throws {
        var (client, asks) = try Self.busy()
        try client.hear(.gone, from: asks[0].to)
        #expect(client.asks().map(\.to) == [7])
    }

    @Test func theOffersOfRanksThatDieLeaveOrChokeAreForgotten() throws {
        for loss in 0..<3 {
            var (client, asks) = try Self.busy()
            switch loss {
            case 0: client.note(.died(Rank(7)))
            case 1: try client.hear(.gone, from: 7)
            default: try client.hear(.choke, from: 7)
            }
            #expect(client.downloader.bids.isEmpty)
            try client.deliver(asks[0])
            #expect(client.asks() == [])
        }
    }

    /// The send went to another receiver while the answer was on its way: the source is as good as
    /// before, and so is the piece.
    @Test func aPieceOfABusySourceIsTakenFromAnother() throws {
        var (client, asks) = try Self.busy()
        try client.nack(asks[0], .busy)
        client.withdrawn(RequestNumber(asks[0].number))
        #expect(client.asks().map(\.to) == [7])
        #expect(client.transfer.queued.contains(PieceIndex(asks[0].piece)))
        #expect(client.source(1)?.silences == 0)
        try client.deliver(asks[1])
        try client.offer([asks[0].piece], number: 8, places: 6, from: 1)
        #expect(Client.asks(client.drain()).map(\.offer) == [8])
    }

    /// All offered pieces came from others meanwhile; the decline names them.
    @Test func anOfferThatBecameUselessIsDeclined() throws {
        var (client, asks) = try Self.busy()
        try client.offer([7], from: 8)
        let direct = try #require(Client.asks(client.drain()).first)
        try client.deliver(direct)
        _ = client.drain()
        try client.deliver(asks[0])
        client.step()
        #expect(Self.declines(client.drain()) == [7])
    }

    /// Its sender never begins, or sends over a slower link.
    @Test func aPieceThatTakesTwiceAsLongLeavesItsPlace() throws {
        var (client, _) = try Self.busy()
        try client.hear(.offerWithdrawn(Client.content, number: 7), from: 7)
        try client.pass(.milliseconds(1500))
        try client.offer([9], number: 9, places: 6, from: 8)
        try client.pass(.milliseconds(400))
        #expect(Client.asks(client.drain()) == [])
        try client.pass(.milliseconds(100))
        #expect(Client.asks(client.drain()).map(\.to) == [8])
    }

    /// Its sender's link is idle, and this rank's link may have room for more than six.
    @Test func anOfferThatWaitsAsLongAsAPieceTakesIsAccepted() throws {
        var (client, asks) = try Self.busy()
        for asked in asks { try client.ack(asked) }
        try client.pass(.milliseconds(900))
        #expect(Client.asks(client.drain()) == [])
        try client.pass(.milliseconds(100))
        #expect(Client.asks(client.drain()).map(\.to) == [7])
    }

    /// Two buffers are all that there are: a decline would keep the senders from offering.
    @Test func offersWaitForBuffers() throws {
        var (client, asks) = try Self.busy { $0.bytesInFlightMax = 20 }
        #expect(asks.map(\.to) == [1, 2])
        try client.deliver(asks[0])
        #expect(client.asks().count == 1)
        #expect(client.downloader.bids.count == 4)
    }

    /// A source that sent wrong bytes is not asked for what it had offered.
    @Test func theOfferOfADistrustedSourceIsDeclined() throws {
        var (client, asks) = try Self.busy()
        try client.offer([11], number: 7, places: 6, from: 1)
        try client.ack(asks[0])
        client.payload(asks[0])
        client.bad(asks[0])
        client.step()
        let effects = client.drain()
        #expect(Client.asks(effects).map(\.to) == [7])
        try client.deliver(asks[1])
        client.step()
        #expect(Self.declines(effects + client.drain()) == [1])
    }
}
