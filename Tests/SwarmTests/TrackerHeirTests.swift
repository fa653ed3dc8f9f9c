import Testing
import Vocabulary
import Wire

@testable import Swarm

/// A tracker that takes over from dead ones, and ranks whose death is certain.
struct TrackerHeirTests {
    private static func described(_ name: String) throws -> FileListEntry {
        .described(
            try RelativePath(name), Group.content, size: ByteCount(100), pieces: 10,
            manifest: Descriptor(inline: [7]))
    }

    private static func update(
        _ group: inout Group, _ entries: [FileListEntry], from rank: Int32
    ) throws {
        var tail: [UInt8] = []
        for entry in entries { entry.write(to: &tail) }
        try group.hear(
            .fileListUpdate(page: 0, entries: UInt32(entries.count), isLast: true), tail: tail,
            from: rank)
    }

    /// Ranks 1 to 3; rank 1 was the tracker's own peer.
    private static func heir() -> Group {
        Group(3) {
            $0.rank = Rank(2)
            $0.inheritance = Inheritance(lost: [Rank(0), Rank(1)], dead: [Rank(0)])
        }
    }

    /// The lease of a rank that is known to be lost is not waited for.
    @Test func aJobBeginsWithoutLostRanks() throws {
        var group = Self.heir()
        try group.list([Self.described("a"), Group.wanted("a")], from: 2)
        #expect(group.drain() == [])
        try group.list([Group.wanted("a")], from: 3)
        #expect(
            group.drain()
                == [.send(.joinAck(peers: 3), to: 2), .send(.joinAck(peers: 3), to: 3)])
        #expect(group.stage(of: 1) == .lost)
        try group.ask("a", from: 3)
        guard case .send(.download(.swarm(Group.content, _, _, _)), 3, _)? = group.drain().first
        else {
            Issue.record("nobody describes it")
            return
        }
    }

    /// A peer knows the content, and its store has yet to read the manifest.
    @Test func aContentThatAPeerIsAboutToDescribeIsNotUnknown() throws {
        var group = Self.heir()
        try group.list([.reading(try RelativePath("a"), size: .zero)], from: 2)
        try group.list([Group.wanted("a")], from: 3)
        _ = group.drain()
        try group.ask("a", from: 3)
        #expect(group.drain() == [])
        try Self.update(&group, [Self.described("a")], from: 2)
        try group.ask("a", from: 3)
        guard case .send(.download(.swarm(Group.content, _, _, _)), 3, _)? = group.drain().first
        else {
            Issue.record("nobody describes it")
            return
        }
        try group.ask("b", from: 3)
        #expect(group.drain() == [.send(.swarmUnknown(want: WantNumber(0)), to: 3)])
    }

    @Test func aContentThatNoPeerDescribesIsUnknown() throws {
        var group = Self.heir()
        try group.list([.reading(try RelativePath("a"), size: .zero)], from: 2)
        try group.list([Group.wanted("a")], from: 3)
        try Self.update(&group, [.notReading(try RelativePath("a"))], from: 2)
        _ = group.drain()
        try group.ask("a", from: 3)
        #expect(group.drain() == [.send(.swarmUnknown(want: WantNumber(0)), to: 3)])
    }

    @Test func aJobEndsWithoutLostRanks() throws {
        var group = Self.heir()
        for rank: Int32 in 2...3 { try group.list([Group.wanted("a")], from: rank) }
        for rank: Int32 in 2...3 {
            try group.hear(.allFilesCompleted(delivered: 1, failed: 0), from: rank)
        }
        #expect(group.drain().suffix(2) == [.terminate(2), .terminate(3)])
        for rank: Int32 in 2...3 { try group.report(from: rank) }
        #expect(group.drain() == [.over])
    }

    /// The heir itself may be the one that is cut off.
    @Test func anHeirThatNoRankJoinsWaits() throws {
        var group = Self.heir()
        try group.list([Group.wanted("a")], from: 2)
        try group.pass(38, alive: 2)
        #expect(group.drain() == [])
        try group.pass(4, alive: 2)
        #expect(group.drain() == [.warn(.lost(Rank(3))), .send(.joinAck(peers: 3), to: 2)])
    }

    /// Every rank before it was only silent, and none comes after it.
    @Test func theLastRankWaitsToo() throws {
        var group = Group(3) {
            $0.rank = Rank(3)
            $0.inheritance = Inheritance(lost: [Rank(0), Rank(1), Rank(2)])
        }
        try group.list([Group.wanted("a")], from: 3)
        try group.pass(38, alive: 3)
        #expect(group.drain() == [])
        for rank: Int32 in 1...2 { group.die(rank) }
        #expect(group.drain() == [.send(.joinAck(peers: 3), to: 3)])
    }

    /// A rank misses the last tracker up to a lease later than its heir, and would otherwise find
    /// the job over when it comes.
    @Test func aRankThatNoticesLateIsWaitedFor() throws {
        var group = Group(4) {
            $0.rank = Rank(2)
            $0.inheritance = Inheritance(lost: [Rank(0), Rank(1)], dead: [Rank(0)])
        }
        for rank: Int32 in 2...3 { try group.list([Group.wanted("a")], from: rank) }
        try group.pass(18, alive: 2, 3)
        #expect(group.drain() == [])
        try group.list([Group.wanted("a")], from: 4)
        #expect(group.drain().count == 3)
    }

    /// A rank that reads the source reports it when it is let in, and stalled ranks ask before
    /// that.
    @Test func nothingIsLostBeforeAllAreIn() throws {
        var group = Group(4) {
            $0.rank = Rank(2)
            $0.inheritance = Inheritance(lost: [Rank(0), Rank(1)], dead: [Rank(0)])
        }
        try group.list([Self.described("a")], from: 2)
        try group.list([Group.wanted("a")], from: 3)
        try group.stall(from: 3)
        try group.pass(18, alive: 2, 3)
        #expect(group.drain() == [])
    }

    /// Ranks that know a content describe it, which does not mean that they want nothing of it: one
    /// that has not asked yet may read the source.
    @Test func nothingIsLostBeforeAllThatWantItHaveAsked() throws {
        var group = Self.heir()
        for rank: Int32 in 2...3 {
            try group.list([Self.described("a"), Group.wanted("a")], from: rank)
        }
        try group.ask("a", from: 2)
        _ = group.drain()
        try group.stall(isCertain: true, from: 2)
        #expect(group.drain() == [])
        try group.ask("a", from: 3)
        _ = group.drain()
        try group.hear(.standsBy(Group.content), from: 3)
        try group.stall(isCertain: true, from: 3)
        #expect(group.drain() == [.send(.readRest(Group.content), to: 3)])
    }

    @Test func ranksThatDoNotJoinAreLostAfterTwoLeases() throws {
        var group = Group(4) {
            $0.rank = Rank(2)
            $0.inheritance = Inheritance(lost: [Rank(0), Rank(1)], dead: [Rank(0)])
        }
        for rank: Int32 in 2...3 { try group.list([Group.wanted("a")], from: rank) }
        try group.pass(23, alive: 2, 3)
        #expect(group.drain().first == .warn(.lost(Rank(4))))
    }

    /// Only the first tracker knew which ranks share a disk.
    @Test func anHeirGrantsRoomWithoutChecks() throws {
        var group = Self.heir()
        for rank: Int32 in 2...3 { try group.list([Group.wanted("a")], from: rank) }
        _ = group.drain()
        try group.hear(
            .measured(Group.content, needed: ByteCount(6), available: ByteCount(10)),
            tail: [1, 0, 0, 0, 0, 0, 0, 0], from: 3)
        #expect(
            group.drain()
                == [.send(.room(Group.content, taken: .zero, isGranted: true), to: 3)])
    }

    /// Otherwise some ranks would be done, and the job over, before others have turned to the heir.
    @Test func itGrantsNoRoomBeforeAllListsAreIn() throws {
        var group = Self.heir()
        try group.list([Group.wanted("a")], from: 3)
        try group.hear(
            .measured(Group.content, needed: ByteCount(6), available: ByteCount(10)),
            tail: [1, 0, 0, 0, 0, 0, 0, 0], from: 3)
        #expect(group.drain() == [])
    }

    /// The others finish, and no lease is waited for.
    @Test func aCertainDeathIsNotWaitedFor() throws {
        var group = try Group.running(3)
        for rank: Int32 in [1, 3] {
            try group.hear(.allFilesCompleted(delivered: 1, failed: 0), from: rank)
        }
        #expect(group.drain() == [])
        group.die(2)
        #expect(group.drain() == [.warn(.died(Rank(2))), .terminate(1), .terminate(3)])
        group.die(2)
        #expect(group.drain() == [])
    }

    /// A dead rank's last messages may arrive after the news of its death.
    @Test func messagesOfTheDeadAreIgnored() throws {
        var group = try Group.running(3)
        group.die(2)
        _ = group.drain()
        try group.hear(.alive, from: 2)
        #expect(group.drain() == [])
        #expect(group.stage(of: 2) == .lost)
    }

    @Test func deadRanksAreInNoSwarm() throws {
        var group = try Group.running(3)
        try group.ask("a", from: 2)
        _ = group.drain()
        group.die(1)
        #expect(!group.tracker.swarms.catalog.swarms[0].isMember(Rank(1)))
    }
}
