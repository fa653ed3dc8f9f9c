import Testing
import Vocabulary
import Wire

@testable import Swarm

/// The same bytes under several names, in a job that goes on until a user ends it.
struct TrackerNamesTests {
    private static let newer = ContentID(high: 8, low: 8)

    /// Rank 1 has the content as `a`, rank 2 as `b`; rank 3 has nothing.
    private static func two() throws -> Group {
        var group = Group(3) {
            $0.kind = .standing
        }
        try group.list([Group.owned("a", Group.content)], from: 1)
        try group.list([Group.owned("b", Group.content)], from: 2)
        try group.list([], from: 3)
        _ = group.drain()
        return group
    }

    private func update(_ group: inout Group, _ entries: [FileListEntry], from rank: Int32) throws {
        var tail: [UInt8] = []
        for entry in entries { entry.write(to: &tail) }
        try group.hear(
            .fileListUpdate(page: 0, entries: UInt32(entries.count), isLast: true), tail: tail,
            from: rank)
        group.tracker.swarms.catalog.checkInvariants()
    }

    private func gone(
        _ name: String, _ content: ContentID = Group.content
    ) throws -> FileListEntry { .gone(try RelativePath(name), content) }

    /// The names, each with the number of seeds.
    private func listed(_ group: inout Group) throws -> [String] {
        _ = group.drain()
        try group.hear(.catalogRequest(from: 0), from: 3)
        for case .send(.download(.catalog(_, let count, _)), _, let tail) in group.drain() {
            let entries = try unsafe CatalogEntry.reading(tail.span.bytes, count: count)
            return entries.map { "\($0.name) \($0.seeds)" }
        }
        return []
    }

    /// The content that a name stands for, and the number of seeds in the answer.
    private func found(_ name: String, _ group: inout Group) throws -> (ContentID, UInt32)? {
        _ = group.drain()
        try group.ask(name, from: 3)
        for case .send(.download(.swarm(let content, _, let seeds, _)), _, _) in group.drain() {
            return (content, seeds)
        }
        return nil
    }

    @Test func bothNamesStandForOneContentWithTwoSeeds() throws {
        var group = try Self.two()
        #expect(try listed(&group) == ["a 2", "b 2"])
        for name in ["a", "b"] {
            let found = try #require(try found(name, &group))
            #expect(found == (Group.content, 2))
        }
    }

    @Test func aNameGoesWithItsLastOwnerAndTheOtherStays() throws {
        var group = try Self.two()
        try update(&group, [try gone("a")], from: 1)
        #expect(try listed(&group) == ["b 1"])
        #expect(try found("a", &group) == nil)
        #expect(try #require(try found("b", &group)) == (Group.content, 1))
        try update(&group, [Group.owned("a", Self.newer)], from: 1)
        #expect(try #require(try found("a", &group)) == (Self.newer, 1))
    }

    @Test func anOwnerOfTwoNamesStaysWithTheSecond() throws {
        var group = try Self.two()
        try update(&group, [Group.owned("c", Group.content)], from: 1)
        try update(&group, [try gone("a")], from: 1)
        #expect(try listed(&group) == ["b 2", "c 2"])
        #expect(try #require(try found("c", &group)) == (Group.content, 2))
        try update(&group, [try gone("c")], from: 1)
        #expect(try listed(&group) == ["b 1"])
    }

    /// It may have fetched the content under either name.
    @Test func aRankWithoutAnOwnNameHasItUnderAll() throws {
        var group = try Self.two()
        try group.hear(.fileCompleted(Group.content), from: 3)
        try update(&group, [try gone("a")], from: 1)
        #expect(try #require(try found("a", &group)).0 == Group.content)
        #expect(try listed(&group) == ["a 2", "b 2"])
    }

    /// Rank 2 has the old bytes of `a` under another name, which does not make them newer.
    @Test func aChangedFileIsNewestThoughItsOwnerKeepsTheOldBytes() throws {
        var group = try Self.two()
        try update(&group, [Group.owned("copy", Group.content)], from: 1)
        try update(&group, [try gone("a"), Group.owned("a", Self.newer)], from: 1)
        try group.hear(.fileCompleted(Group.content), from: 3)
        #expect(try #require(try found("a", &group)).0 == Self.newer)
    }

    @Test func aLostRankTakesItsNameWithIt() throws {
        var group = try Self.two()
        for _ in 0..<6 {
            try group.pass(2)
            for rank: Int32 in 2...3 { try group.hear(.alive, from: rank) }
        }
        #expect(group.stage(of: 1) == .lost)
        group.tracker.swarms.catalog.checkInvariants()
        #expect(try listed(&group) == ["b 1"])
    }
}
