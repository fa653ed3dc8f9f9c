import Testing
import Vocabulary
import Wire

@testable import Swarm

struct BidTableTests {
    private static let other = ContentID(high: 8, low: 8)

    private static func bid(
        _ number: UInt32, of content: ContentID = Client.content, by source: Int32
    ) -> Bid {
        Bid(
            content: content, number: number, source: Rank(source), pieces: [PieceIndex(0)],
            cameAt: .zero)
    }

    private static func table(_ bids: Bid...) -> BidTable {
        var table = BidTable()
        for bid in bids {
            table.add(bid)
            table.checkInvariants()
        }
        return table
    }

    @Test func aSourceHasOneBidForEachContent() {
        let table = Self.table(
            Self.bid(1, by: 1), Self.bid(2, of: Self.other, by: 1), Self.bid(1, by: 2),
            Self.bid(3, by: 1))
        #expect(
            table.rows == [
                Self.bid(2, of: Self.other, by: 1), Self.bid(1, by: 2), Self.bid(3, by: 1),
            ])
    }

    /// A withdrawal may cross the offer that replaced the withdrawn one.
    @Test func onlyTheNamedOfferIsWithdrawn() {
        var table = Self.table(Self.bid(4, by: 1), Self.bid(4, by: 2))
        table.withdraw(3, of: Client.content, by: Rank(1))
        table.withdraw(4, of: Self.other, by: Rank(1))
        #expect(table.rows.count == 2)
        table.withdraw(4, of: Client.content, by: Rank(1))
        #expect(table.rows == [Self.bid(4, by: 2)])
    }

    @Test func allOffersOfASourceAreRemoved() {
        var table = Self.table(
            Self.bid(1, by: 1), Self.bid(2, of: Self.other, by: 1), Self.bid(1, by: 2))
        table.remove(by: Rank(1))
        #expect(table.rows == [Self.bid(1, by: 2)])
    }
}
