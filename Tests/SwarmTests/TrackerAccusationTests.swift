import Swarm
import Testing
import Vocabulary
import Wire

/// Ranks that others accuse of wrong messages or pieces.
struct TrackerAccusationTests {
    private static let offender = Rank(2)

    private static func named(by rank: Int32, _ complaint: Complaint = .nonsense) -> Deed {
        .warn(.accused(offender, complaint, by: Rank(rank)))
    }

    private static func group() throws -> Group {
        var group = try Group.running(5)
        _ = group.drain()
        return group
    }

    @Test func anOffenderIsNamedOnce() throws {
        var group = try Self.group()
        try group.hear(.accused(Self.offender, .wrongPieces), from: 3)
        #expect(group.drain() == [Self.named(by: 3, .wrongPieces)])
        for rank: Int32 in [1, 3, 4, 5] {
            try group.hear(.accused(Self.offender, .wrongPieces), from: rank)
        }
        #expect(group.drain() == [], "it is asked for nothing, and may still get its own")
    }

    @Test func aRankThatMostOthersCannotUnderstandIsExpelled() throws {
        var group = try Self.group()
        for rank: Int32 in [1, 1, 3, 3, 3, 4, 5] {
            try group.hear(.accused(Self.offender, .nonsense), from: rank)
        }
        #expect(
            group.drain() == [Self.named(by: 1)],
            "half of the others are not most of them, and one message proves nothing")
        try group.hear(.accused(Self.offender, .nonsense), from: 4)
        #expect(group.drain() == [.terminate(2)])
        try group.hear(.alive, from: 2)
        #expect(group.drain() == [], "it is not heard any more")
        for rank: Int32 in [1, 3, 4, 5] {
            try group.hear(.allFilesCompleted(delivered: 0, failed: 0), from: rank)
        }
        #expect(group.tracker.stage == .closing, "it is not waited for")
        #expect(group.tracker.accounts.filter(\.isExpelled).map(\.rank) == [Self.offender])
    }

    @Test func aRankThatTheTrackerCannotUnderstandIsExpelled() throws {
        var group = try Self.group()
        group.suffer(.nonsense, from: 2)
        #expect(group.drain() == [Self.named(by: 0)])
        group.suffer(.nonsense, from: 2)
        #expect(group.drain() == [.terminate(2)])
    }

    /// One complaint about a flood stands for many messages.
    @Test func aRankThatFloodsMostOthersIsExpelled() throws {
        var group = try Self.group()
        for rank: Int32 in [1, 3] {
            try group.hear(.accused(Self.offender, .flood), from: rank)
        }
        #expect(group.drain() == [Self.named(by: 1, .flood)])
        try group.hear(.accused(Self.offender, .flood), from: 4)
        #expect(group.drain() == [.terminate(2)])
        group.suffer(.flood, from: 5)
        #expect(group.drain() == [.warn(.accused(Rank(5), .flood, by: Rank(0))), .terminate(5)])
    }

    /// A rank that floods another one gets an answer to each message, and takes that for a flood.
    @Test func theCounterchargeOfAFlooderIsNotNamed() throws {
        var group = try Self.group()
        try group.hear(.accused(Rank(3), .flood), from: 2)
        #expect(group.drain() == [], "one rank's word against another's")
        for rank: Int32 in [1, 3, 4] {
            try group.hear(.accused(Self.offender, .flood), from: rank)
        }
        #expect(group.drain() == [Self.named(by: 1, .flood), .terminate(2)])
        for rank: Int32 in [1, 3, 4, 5] {
            try group.hear(.allFilesCompleted(delivered: 0, failed: 0), from: rank)
        }
        let warnings = group.drain().filter { if case .warn = $0 { true } else { false } }
        #expect(warnings == [])
    }

    @Test func anAccusationByOneRankIsNamedAtTheEnd() throws {
        var group = try Self.group()
        try group.hear(.accused(Self.offender, .nonsense), from: 3)
        #expect(group.drain() == [])
        for rank: Int32 in 1...5 {
            try group.hear(.allFilesCompleted(delivered: 0, failed: 0), from: rank)
        }
        #expect(group.drain().first == Self.named(by: 3))
    }

    /// It waits for the rank that no longer reads its requests, and no second rank may ever accuse
    /// it.
    @Test(arguments: [true, false])
    func theJobDoesNotWaitForAnAccusedRankThatIsStuck(isStuck: Bool) throws {
        var group = try Self.group()
        try group.hear(.accused(Self.offender, .flood), from: 1)
        for rank: Int32 in [1, 3, 4] {
            try group.hear(.allFilesCompleted(delivered: 0, failed: 0), from: rank)
        }
        try group.pass(60, alive: 1, 2, 3, 4, 5)
        #expect(group.drain().isEmpty, "rank 5 is not done either")
        try group.hear(.allFilesCompleted(delivered: 0, failed: 0), from: 5)
        for held: UInt32 in 0..<6 {
            if !isStuck { try group.hear(.peerUpdate(Group.content, held: held), from: 2) }
            try group.pass(10, alive: 1, 2, 3, 4, 5)
        }
        #expect(group.tracker.accounts.contains(where: \.isExpelled) == isStuck)
        #expect((group.tracker.stage == .closing) == isStuck)
    }

    /// The patience with a stuck rank, in seconds, by the number of its accusers: most ranks may
    /// have nothing to do with it, and never accuse it.
    @Test(arguments: [(1, 20), (2, 5)])
    func twoAccusersNeedLessPatience(accusers: Int, seconds: Int) throws {
        var group = try Self.group()
        for rank: Int32 in [1, 3].prefix(accusers) {
            try group.hear(.accused(Self.offender, .flood), from: rank)
        }
        for rank: Int32 in [1, 3, 4, 5] {
            try group.hear(.allFilesCompleted(delivered: 0, failed: 0), from: rank)
        }
        try group.pass(seconds, alive: 1, 2, 3, 4, 5)
        #expect(group.tracker.accounts.filter(\.isExpelled).isEmpty)
        try group.pass(1, alive: 1, 2, 3, 4, 5)
        #expect(group.tracker.accounts.filter(\.isExpelled).map(\.rank) == [Self.offender])
    }

    /// It asks one rank after another for the lost pieces, none of them understands it, and so it
    /// never stalls.
    @Test(arguments: [true, false])
    func aLossDoesNotWaitForAnAccusedRankThatIsStuck(isStuck: Bool) throws {
        var group = try Self.group()
        for rank: Int32 in 2...5 { try group.ask("a", from: rank) }
        for rank: Int32 in [3, 3, 4, 4] {
            try group.hear(.accused(Self.offender, .nonsense), from: rank)
        }
        try group.hear(.leave, from: 1)
        for rank: Int32 in 3...5 { try group.stall(from: rank) }
        _ = group.drain()
        for held: UInt32 in 0..<6 {
            if !isStuck { try group.hear(.peerUpdate(Group.content, held: held), from: 2) }
            try group.pass(4, alive: 2, 3, 4, 5)
        }
        let lost: [Deed] = (3...5).map {
            .send(.swarmLost(Group.content, missing: 3), to: $0)
        }
        #expect(group.drain() == (isStuck ? lost : []))
    }

    /// It reports that it has stalled, as a rank does that two others wrongly accuse.
    @Test func anAccusedRankHearsOfItsLoss() throws {
        var group = try Self.group()
        try group.ask("a", from: 2)
        for rank: Int32 in [3, 3, 4, 4] {
            try group.hear(.accused(Self.offender, .nonsense), from: rank)
        }
        try group.hear(.leave, from: 1)
        try group.pass(6, alive: 2, 3, 4, 5)
        try group.stall(from: 2)
        _ = group.drain()
        try group.pass(11, alive: 2, 3, 4, 5)
        #expect(group.drain() == [.send(.swarmLost(Group.content, missing: 3), to: 2)])
    }
}
