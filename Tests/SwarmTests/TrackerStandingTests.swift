import Testing
import Vocabulary
import Wire

@testable import Swarm

/// A job that goes on until a user ends it.
struct TrackerStandingTests {
    private static let newer = ContentID(high: 8, low: 8)

    private static func standing(_ peerCount: Int) -> Group {
        Group(peerCount) {
            $0.kind = .standing
        }
    }

    private func update(_ group: inout Group, _ entries: [FileListEntry], from rank: Int32) throws {
        var tail: [UInt8] = []
        for entry in entries { entry.write(to: &tail) }
        try group.hear(
            .fileListUpdate(page: 0, entries: UInt32(entries.count), isLast: true), tail: tail,
            from: rank)
    }

    private func gone(_ content: ContentID) throws -> FileListEntry {
        .gone(try RelativePath("a"), content)
    }

    @Test func aStandingJobContinuesWithoutPeers() throws {
        var group = Self.standing(2)
        for rank: Int32 in 1...2 {
            try group.list([], from: rank)
            try group.hear(.leave, from: rank)
        }
        _ = group.drain()
        for _ in 0..<10 {
            try group.pass(2)
            for rank: Int32 in 1...2 { try group.hear(.leave, from: rank) }
        }
        #expect(
            group.drain().allSatisfy {
                $0 == .send(.leaveAck, to: 1) || $0 == .send(.leaveAck, to: 2)
            })
        #expect(group.stage(of: 1) == .closed)
    }

    @Test func aStandingJobIsOverWhenAllPeersAreLost() throws {
        var group = Self.standing(3)
        try group.list([], from: 1)
        try group.list([], from: 2)
        try group.hear(.leave, from: 2)
        _ = group.drain()
        try group.pass(25)
        let deeds = group.drain()
        #expect(deeds.contains(.warn(.lost(Rank(1)))), "it was there")
        #expect(!deeds.contains(.warn(.lost(Rank(2)))), "it had left")
        #expect(deeds.contains(.warn(.lost(Rank(3)))), "it never came")
        #expect(deeds.contains(.over))
    }

    @Test func aUserEndsAStandingJobForAllRanks() throws {
        var group = Self.standing(3)
        for rank: Int32 in 1...3 { try group.list([], from: rank) }
        try group.hear(.leave, from: 2)
        _ = group.drain()
        try group.pass(11, alive: 1)
        _ = group.drain()
        try group.hear(.shutdown, from: 1)
        #expect(group.drain() == [.terminate(1), .terminate(2), .terminate(3)])
        try group.report(from: 1)
        #expect(group.drain() == [.over])
    }

    /// A rank that gave up does not have the content, which may then be forgotten.
    @Test func aRankThatGivesUpLeavesTheSwarm() throws {
        var group = Self.standing(2)
        try group.list([Group.owned("a", Group.content)], from: 1)
        try group.list([], from: 2)
        try group.ask("a", from: 2)
        let found = try #require(group.tracker.swarms.catalog.index(of: Group.content))
        #expect(group.tracker.swarms.catalog[found].isMember(Rank(2)))
        try group.hear(.gaveUp(Group.content), from: 2)
        #expect(!group.tracker.swarms.catalog[found].isMember(Rank(2)))
        try group.ask("a", from: 2)
        #expect(group.tracker.swarms.catalog[found].isMember(Rank(2)), "it may try again")
    }

    @Test func aRankThatHasLeftMayEndTheJob() throws {
        var group = Self.standing(2)
        for rank: Int32 in 1...2 { try group.list([], from: rank) }
        try group.hear(.leave, from: 2)
        _ = group.drain()
        try group.hear(.shutdown, from: 2)
        #expect(group.drain() == [.terminate(1), .terminate(2)])
    }

    @Test func otherJobsCannotBeEndedByAUser() throws {
        var group = try Group.running(2)
        try group.hear(.shutdown, from: 1)
        #expect(group.drain() == [])
        #expect(group.tracker.violations == 1)
    }

    @Test func aWaitingPeerLearnsThatTheFileIsGone() throws {
        var group = Self.standing(3)
        try group.list([Group.owned("a", Group.content)], from: 1)
        for rank: Int32 in 2...3 { try group.list([], from: rank) }
        try group.ask("a", from: 2)
        _ = group.drain()
        try update(&group, [gone(Group.content)], from: 1)
        #expect(group.drain() == [.send(.withdrawn(Group.content), to: 2)])
        try group.ask("a", from: 3)
        #expect(group.drain() == [.send(.swarmUnknown(want: WantNumber(0)), to: 3)])
    }

    @Test func aContentCanBeHadWhileItHasASeed() throws {
        var group = Self.standing(3)
        try group.list([Group.owned("a", Group.content)], from: 1)
        for rank: Int32 in 2...3 { try group.list([], from: rank) }
        try group.ask("a", from: 2)
        try group.hear(.fileCompleted(Group.content), from: 2)
        try group.ask("a", from: 3)
        _ = group.drain()
        try update(&group, [gone(Group.content)], from: 1)
        #expect(group.drain() == [])
    }

    @Test func aNameStandsForItsOwnersCurrentContent() throws {
        var group = Self.standing(3)
        try group.list([Group.owned("a", Group.content)], from: 1)
        for rank: Int32 in 2...3 { try group.list([], from: rank) }
        try group.hear(.fileCompleted(Group.content), from: 2)
        try update(&group, [gone(Group.content), Group.owned("a", Self.newer)], from: 1)
        _ = group.drain()
        try group.ask("a", from: 3)
        let swarms = group.drain().compactMap { deed in
            if case .send(.download(.swarm(let content, _, _, _)), _, _) = deed {
                content
            } else {
                nil
            }
        }
        #expect(swarms == [Self.newer])
    }

    @Test func theListOfRanksHasTheirPresence() throws {
        var group = Self.standing(4)
        for rank: Int32 in 1...3 { try group.list([], from: rank) }
        try group.hear(.leave, from: 2)
        try group.pass(11, alive: 1)
        _ = group.drain()
        try group.hear(.rollRequest(of: .none, from: 1), from: 1)
        var tail: [UInt8] = []
        for (rank, presence) in [(2, RollEntry.Presence.lost), (3, .lost), (4, .lost)] {
            RollEntry(rank: Rank(Int32(rank)), presence: presence).write(to: &tail)
        }
        #expect(
            group.drain() == [
                .send(.roll(from: 1, entries: 3, isLast: true), to: 1, tail: tail)
            ])
    }

    @Test func theSeedsOfAContentAreListed() throws {
        var group = Self.standing(4)
        for rank: Int32 in [2, 4] { try group.list([Group.owned("a", Group.content)], from: rank) }
        try group.list([], from: 1)
        _ = group.drain()
        try group.hear(.rollRequest(of: Group.content, from: 0), from: 1)
        var tail: [UInt8] = []
        for rank: Int32 in [2, 4] {
            RollEntry(rank: Rank(rank), presence: .present).write(to: &tail)
        }
        try group.hear(.rollRequest(of: Self.newer, from: 0), from: 1)
        #expect(
            group.drain() == [
                .send(.roll(from: 0, entries: 2, isLast: true), to: 1, tail: tail),
                .send(.roll(from: 0, entries: 0, isLast: true), to: 1),
            ])
    }

    /// Otherwise a file that changes every second would fill the tracker in the end.
    @Test func aContentThatNoRankHasIsForgotten() throws {
        var group = Self.standing(2)
        try group.list([], from: 1)
        for number: UInt64 in 1...100 {
            let content = ContentID(high: 9, low: number)
            try update(&group, [Group.owned("a", content)], from: 1)
            if number < 100 { try update(&group, [gone(content)], from: 1) }
        }
        #expect(group.tracker.peers[0].listing.entryCount == 1)
        #expect(group.tracker.swarms.catalog.swarms.count == 100)
        try group.pass(25, alive: 1)
        #expect(
            group.tracker.swarms.catalog.swarms.map(\.content) == [ContentID(high: 9, low: 100)])
        _ = group.drain()
        try group.ask("a", from: 1)
        #expect(group.drain().count == 1)
    }

    /// The rank fetched it once, and does not describe it again.
    @Test func theContentOfASilentRankIsNotForgotten() throws {
        var group = Self.standing(2)
        try group.list([Group.owned("a", Group.content)], from: 2)
        try group.list([], from: 1)
        try group.pass(60, alive: 1)
        #expect(group.stage(of: 2) == .lost)
        #expect(group.tracker.swarms.catalog.swarms.count == 1)
    }
}
