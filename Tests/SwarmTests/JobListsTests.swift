import Testing
import Vocabulary
import Wire

@testable import Swarm

/// Catalogs that peers read page by page.
@Suite struct JobListsTests {
    private static let reader = (index: 3, rank: Rank(9))

    private static func rules(trackers: Int) -> TrackerRules {
        var rules = TrackerRules(firstPeer: Rank(Int32(trackers)), peerCount: 12)
        if trackers > 1 { rules.overlay = OverlayRules(topology: .full(trackers)) }
        return rules
    }

    /// More entries than one message holds.
    private static func entries(_ name: String) throws -> [CatalogEntry] {
        try (0..<Head.tailMax / 32).map { number in
            CatalogEntry(
                name: try RelativePath("\(name)\(number)"), content: ContentID(high: 1, low: 1),
                size: .zero, pieces: 1, seeds: 1, peers: 0)
        }
    }

    /// The number of entries that one message brings to the reader.
    private static func send(
        _ lists: inout JobLists, _ known: [CatalogEntry], from: UInt32
    ) -> (entries: UInt32, isLast: Bool)? {
        var effects = Effects<TrackerEffect>()
        lists.send(known, from: from, to: reader.index, reader.rank, &effects)
        for case .send(.download(.catalog(from, let entries, let isLast)), _, reader.rank)
            in effects.list
        {
            return (entries, isLast)
        }
        return nil
    }

    @Test func theNextPageIsOfTheSameCatalogAsTheFirst() throws {
        var lists = JobLists(Self.rules(trackers: 2))
        let known = try Self.entries("a")
        #expect(lists.catalog(from: 0, for: Self.reader.index) == nil)
        let page = Self.send(&lists, known, from: 0)
        let first = try #require(page)
        #expect(!first.isLast)
        #expect(lists.catalog(from: first.entries, for: Self.reader.index) == known)
        #expect(lists.catalog(from: first.entries, for: 4) == nil, "another peer reads nothing")
        #expect(lists.catalog(from: 0, for: Self.reader.index) == nil, "it begins again")
    }

    @Test func theLastPageEndsTheReading() throws {
        var lists = JobLists(Self.rules(trackers: 2))
        let known = try Self.entries("a")
        var sent: UInt32 = 0
        while let page = Self.send(&lists, known, from: sent) {
            sent += page.entries
            guard !page.isLast else { break }
        }
        #expect(sent == UInt32(known.count))
        #expect(lists.catalog(from: 1, for: Self.reader.index) == nil)
    }

    @Test func aPeerThatIsGoneReadsNothing() throws {
        var lists = JobLists(Self.rules(trackers: 2))
        _ = Self.send(&lists, try Self.entries("a"), from: 0)
        lists.forget(Self.reader.index)
        #expect(lists.catalog(from: 1, for: Self.reader.index) == nil)
    }

    @Test func aLoneTrackerKeepsNoCopies() throws {
        var lists = JobLists(Self.rules(trackers: 1))
        _ = Self.send(&lists, try Self.entries("a"), from: 0)
        #expect(lists.catalog(from: 1, for: Self.reader.index) == nil)
    }

    @Test func whatOtherGroupsHaveCountsOnceTheyHaveAnswered() throws {
        var lists = JobLists(Self.rules(trackers: 2))
        let own = Array(try Self.entries("a").prefix(1))
        let remote = Array(try Self.entries("b").prefix(2))
        lists.begin(.catalog)
        lists.learned(remote)
        #expect(lists.contents(own) == own)
        lists.end(.catalog)
        #expect(lists.contents(own) == own + remote)
    }
}
