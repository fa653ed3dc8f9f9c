import Testing
import Vocabulary
import Wire

@testable import Swarm

@Suite struct PeerListingTests {
    private static let content = ContentID(high: 1, low: 2)

    /// What becomes of entries when at most two count.
    private static func note(
        _ entries: [FileListEntry], in listing: inout PeerListing
    ) -> [Bool] {
        entries.map { listing.note($0, atMost: 2) }
    }

    @Test func entriesBeyondTheLimitAreIgnored() throws {
        var listing = PeerListing()
        let entries = try ["a", "b", "c"].map(Group.wanted)
        let areNoted = Self.note(entries, in: &listing)
        #expect(areNoted == [true, true, false])
        #expect(listing.wants.map(\.description) == ["a", "b"])
    }

    @Test func aFileThatIsGoneMakesRoomForAnother() throws {
        var listing = PeerListing()
        let entries = [
            try Group.owned("a", Self.content), try Group.owned("b", Self.content),
            try Group.gone("a", Self.content), try Group.owned("c", Self.content),
        ]
        let areNoted = Self.note(entries, in: &listing)
        #expect(areNoted == [true, true, true, true])
        #expect(listing.entryCount == 2)
    }

    @Test func aFileCountsOnceWhileItIsDigestedAndThenOwned() throws {
        var listing = PeerListing()
        let name = try RelativePath("a")
        #expect(listing.note(.reading(name, size: ByteCount(5)), atMost: 2) == true)
        #expect(listing.note(.reading(name, size: ByteCount(6)), atMost: 2) == true)
        #expect(listing.reading == [name: ByteCount(6)])
        #expect(listing.entryCount == 1)
        #expect(try listing.note(Group.owned("a", Self.content), atMost: 2) == true)
        #expect(listing.reading.isEmpty)
        #expect(listing.entryCount == 1)
    }

    @Test func pagesCountInTheirOrder() throws {
        var listing = PeerListing()
        #expect(listing.begin(page: 1) == false, "its first page is missing")
        #expect(listing.begin(page: 0) == true)
        #expect(try listing.note(Group.wanted("a"), atMost: 9) == true)
        #expect(listing.begin(page: 1) == true)
        #expect(listing.begin(page: 1) == false, "it is repeated")
        #expect(listing.wanted == 1)
        #expect(listing.begin(page: 0) == true, "the list begins again")
        #expect(listing.wanted == 0)
    }
}

extension PeerListing {
    fileprivate var wanted: Int { wants.count }
}
