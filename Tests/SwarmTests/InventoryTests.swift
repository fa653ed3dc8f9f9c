import Testing
import Vocabulary
import Wire

@testable import Swarm

struct InventoryTests {
    private let content = ContentID(high: 1, low: 1)

    private func file(_ name: String) throws -> Share.Owned {
        let geometry = try #require(Geometry(total: ByteCount(20), pieceLength: ByteCount(10)))
        return Share.Owned(
            name: try RelativePath(name), content: content, geometry: geometry,
            manifest: Descriptor(inline: [1]))
    }

    private func inventory(_ names: String...) throws -> Inventory {
        var share = Share()
        share.owned = try names.map(file)
        return Inventory(share, DownloaderRules(tracker: Rank(0)))
    }

    private func fetched(_ name: String) throws -> FetchedContent {
        FetchedContent(name: try RelativePath(name), content: content, pieceCount: 2)
    }

    @Test func aContentGoesWithItsLastName() throws {
        var inventory = try inventory("a", "b")
        var effects = Effects<DownloaderEffect>()
        let first = Share.Gone(name: try RelativePath("a"), content: content)
        let second = Share.Gone(name: try RelativePath("b"), content: content)
        let one = inventory.unshare([first], &effects)
        #expect(one?.gone == [])
        let again = inventory.unshare([first], &effects)
        #expect(again?.gone == nil, "it is not there")
        let both = inventory.unshare([second], &effects)
        #expect(both?.gone == [content])
        #expect(effects.list == [.tell(.contentGone(content))])
        #expect(!inventory.owns(content))
    }

    @Test func aWithdrawnContentIsNotListedAsFetched() throws {
        var inventory = try inventory()
        try inventory.retire(fetched("a"))
        try inventory.retire(fetched("a"))
        #expect(inventory.fetched.count == 1)
        inventory.forgetFetched(content)
        let isNews = [inventory.withdraw(content), inventory.withdraw(content)]
        #expect(isNews == [true, false])
        try inventory.retire(fetched("a"))
        #expect(inventory.fetched.isEmpty)
        inventory.checkInvariants()
    }

    @Test func aContentThatIsFetchedAgainIsNoLongerWithdrawn() throws {
        var inventory = try inventory()
        _ = inventory.withdraw(content)
        #expect(inventory.isWithdrawn(content))
        let wasServed = inventory.forgetEarlier(content, isBound: false)
        #expect(!wasServed && !inventory.isWithdrawn(content))
        try inventory.retire(fetched("a"))
        let wasFetched = inventory.forgetEarlier(content, isBound: false)
        #expect(wasFetched)
        let isFetched = inventory.forgetEarlier(content, isBound: true)
        #expect(isFetched)
    }

    @Test func theSameBytesUnderAnotherNameAreStillServed() throws {
        var inventory = try inventory("b")
        try inventory.retire(fetched("a"))
        let isGone = inventory.forgetEarlier(content, isBound: true)
        #expect(!isGone)
    }
}
