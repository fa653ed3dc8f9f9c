import Testing
import Vocabulary
import Wire

@testable import Swarm

/// Before a rank leaves, it has to know which pieces its neighbours hold.
struct DownloaderPartingTests {
    /// Neighbours announced pieces only to those that lacked them. A seed has all pieces anyway.
    @Test func aPartingRankAsksItsNeighboursForTheirPieces() throws {
        var client = try Client.fetching(2, [1: "##", 2: "#."]) { $0.leavesWhenDone = true }
        for asked in client.asks() { try client.deliver(asked) }
        client.stored(.finished(Client.content, WantNumber(0)))
        _ = client.drain()
        client.step()
        let asked = client.drain().compactMap { effect -> Int32? in
            guard case .send(.upload(.piecesQuery), _, let rank) = effect else { return nil }
            return rank.raw
        }
        #expect(asked == [2])
    }
}
