import Swarm
import Testing
import Vocabulary
import Wire

/// The members that each peer learns of.
struct TrackerSwarmTests {
    /// All members that the asker learns of.
    private static func members(
        _ group: inout Group, askedBy rank: Int32
    ) throws -> MemberList {
        try group.hear(
            .swarmRequest(Group.content, want: WantNumber(0), by: .content, needsManifest: false),
            from: rank)
        guard
            case .send(.download(.swarm(_, _, let seeds, let peers)), rank, let tail)? =
                group.drain().first
        else {
            Issue.record("no answer came")
            return MemberList(seeds: [], peers: [])
        }
        var cursor = 0
        return try unsafe MemberList(
            reading: tail.span.bytes, seeds: seeds, peers: peers, at: &cursor)
    }

    private static func ranks(_ list: MemberList) -> Set<Int32> {
        Set((list.seeds + list.peers).map(\.raw))
    }

    @Test(arguments: [2, 10, 65])
    func upToTheMeshLimitEveryMemberIsNamed(peerCount: Int) throws {
        var group = try Group.running(peerCount)
        for rank in 1...Int32(peerCount) {
            let told = try Self.members(&group, askedBy: rank)
            #expect(Self.ranks(told) == Set(1...Int32(peerCount)).subtracting([rank]))
            #expect(told.seeds == (rank == 1 ? [] : [Rank(1)]))
        }
    }

    @Test func beyondTheMeshNeighboursKnowEachOther() throws {
        let peerCount = 66
        var group = try Group.running(peerCount)
        var told: [Int32: Set<Int32>] = [:]
        for rank in 1...Int32(peerCount) {
            told[rank] = Self.ranks(try Self.members(&group, askedBy: rank))
        }
        for (rank, others) in told {
            #expect((10...20).contains(others.count) && !others.contains(rank))
            #expect(others.allSatisfy { told[$0]?.contains(rank) == true })
        }
        // The next time they are the same.
        #expect(Self.ranks(try Self.members(&group, askedBy: 5)) == told[5])
    }

    /// The graph of a group's ranks is the same for a group that begins elsewhere.
    @Test func aGroupThatBeginsElsewhereHasNeighboursOfItsOwn() throws {
        var group = Group(100, first: 40)
        try group.list([Group.owned("a", Group.content)], from: 40)
        for rank: Int32 in 41...139 { try group.list([Group.wanted("a")], from: rank) }
        _ = group.drain()
        for rank: Int32 in 40...139 {
            let told = Self.ranks(try Self.members(&group, askedBy: rank))
            #expect((10...20).contains(told.count) && told.isSubset(of: Set(40...139)))
        }
    }

    @Test func aLargeSwarmListsSeedsAndPeersSeparately() throws {
        var group = try Group.running(120)
        for rank: Int32 in stride(from: 2, through: 120, by: 2) {
            try group.hear(.fileCompleted(Group.content), from: rank)
        }
        for rank: Int32 in [3, 60, 77] {
            let told = try Self.members(&group, askedBy: rank)
            #expect(told.seeds.allSatisfy { $0.raw == 1 || $0.raw % 2 == 0 })
            #expect(told.peers.allSatisfy { $0.raw > 1 && $0.raw % 2 == 1 })
            #expect(!told.seeds.isEmpty && !told.peers.isEmpty)
        }
    }

    /// None of its neighbours may have its missing pieces.
    @Test func aStalledPeerGetsOtherMembersEachTime() throws {
        var group = try Group.running(300)
        let usual = Self.ranks(try Self.members(&group, askedBy: 7))
        try group.stall(from: 7)
        var seen = usual
        for _ in 0..<5 {
            let told = Self.ranks(try Self.members(&group, askedBy: 7))
            #expect(usual.isSubset(of: told))
            #expect(told.count <= 40 && !told.contains(7))
            #expect(!told.isSubset(of: seen), "a new member")
            seen.formUnion(told)
        }
        try group.hear(.peerUpdate(Group.content, held: 1), from: 7)
        #expect(Self.ranks(try Self.members(&group, askedBy: 7)) == usual)
    }

    @Test func aPeerThatLeavesTakesItsContentsWithIt() throws {
        var group = Group(3)
        let other = ContentID(high: 8, low: 8)
        try group.list(
            [Group.owned("a", Group.content), Group.owned("b", other), Group.wanted("c")], from: 1)
        try group.list([Group.wanted("a"), Group.wanted("b")], from: 2)
        let third = ContentID(high: 9, low: 9)
        try group.list([Group.owned("c", third), Group.owned("b", other)], from: 3)
        _ = group.drain()
        try group.hear(.leave, from: 1)
        #expect(group.drain() == [.send(.leaveAck, to: 1)])
        let catalog = try Self.catalog(&group)
        #expect(catalog.map(\.name.description) == ["a", "b", "c"])
        #expect(catalog.map(\.seeds) == [0, 1, 1])
        #expect(catalog.map(\.peers) == [1, 1, 0])
        #expect(Self.ranks(try Self.members(&group, askedBy: 2)) == [])
    }

    @Test func anUnsharedFileHasOneSeedFewer() throws {
        var group = Group(3)
        for rank: Int32 in 1...2 {
            try group.list([Group.owned("a", Group.content)], from: rank)
        }
        try group.list([Group.wanted("a")], from: 3)
        _ = group.drain()
        try Self.update(&group, [.gone(try RelativePath("a"), Group.content)], from: 1)
        #expect(try Self.members(&group, askedBy: 3) == MemberList(seeds: [Rank(2)], peers: []))
        try Self.update(&group, [.gone(try RelativePath("a"), Group.content)], from: 1)
        #expect(try Self.members(&group, askedBy: 3) == MemberList(seeds: [Rank(2)], peers: []))
        try Self.update(&group, [Group.owned("a", Group.content)], from: 1)
        let both = MemberList(seeds: [Rank(2), Rank(1)], peers: [])
        #expect(try Self.members(&group, askedBy: 3) == both)
        // A content that no rank ever had cannot be removed.
        let unknown = ContentID(high: 4, low: 4)
        try Self.update(&group, [.gone(try RelativePath("z"), unknown)], from: 1)
        #expect(try Self.members(&group, askedBy: 3) == both)
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

    private static func catalog(_ group: inout Group) throws -> [CatalogEntry] {
        try group.hear(.catalogRequest(from: 0), from: 2)
        guard
            case .send(.download(.catalog(_, let count, isLast: true)), 2, let tail)? =
                group.drain().first
        else { return [] }
        return try unsafe CatalogEntry.reading(tail.span.bytes, count: count)
    }
}
