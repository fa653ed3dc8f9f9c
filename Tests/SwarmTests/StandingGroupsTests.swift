import Testing
import Vocabulary
import Wire

@testable import Swarm

/// A job of several groups that goes on until a user ends it.
struct StandingGroupsTests {
    private static let newer = ContentID(high: 8, low: 8)

    static func standing(
        _ topology: Topology, peers: Int, lists: Bool = true, haveLooked: Bool = true
    ) throws -> Federation {
        var job = Federation(topology, peers: peers) { $0.kind = .standing }
        guard lists else { return job }
        for number in 1...peers {
            try job.list(from: number)
            if haveLooked { try job.hear(.looked, from: number) }
        }
        try job.settle()
        _ = job.said()
        return job
    }

    private func roll(
        _ job: inout Federation, of content: ContentID = .none, for number: Int
    ) throws -> [RollEntry] {
        _ = job.said()
        try job.hear(.rollRequest(of: content, from: 0), from: number)
        try job.settle()
        let said = job.said()
        #expect(said.count == 1)
        guard case .roll(from: 0, let count, isLast: true) = said.first?.message else { return [] }
        #expect(said.first?.to == job.peer(number))
        let tail = said.first?.tail ?? []
        return try unsafe RollEntry.reading(tail.span.bytes, count: count)
    }

    private func ranks(_ entries: [RollEntry], of job: Federation) -> [Int] {
        entries.map { Int($0.rank.raw - job.peer(1)) + 1 }
    }

    @Test func allRanksHaveJoinedWhenAllGroupsHave() throws {
        var job = try Self.standing(.line(3), peers: 6, lists: false)
        for number in 1...5 { try job.list(from: number) }
        try job.settle()
        #expect(!job.trackers[0].allRanksJoined)
        #expect(job.said().count == 5, "whoever is in begins")
        for number in [1, 5] { try job.hear(.leave, from: number) }
        try job.list(from: 6)
        try job.settle()
        #expect(job.trackers[0].allRanksJoined)
    }

    /// An earlier question would be answered as if there were no such file.
    @Test(arguments: [Topology.full(3), .line(3)])
    func allRanksHaveScannedWhenAllLivingOnesHave(topology: Topology) throws {
        var job = try Self.standing(topology, peers: 6, haveLooked: false)
        #expect(!job.trackers[0].allRanksLooked)
        for number in 1...4 { try job.hear(.looked, from: number) }
        try job.settle()
        #expect(!job.trackers[0].allRanksLooked)
        #expect(job.trackers[0].lookingRanks.map(\.raw) == [5, 6].map { job.peer($0) })
        try job.hear(.leave, from: 5)
        try job.settle()
        #expect(!job.trackers[0].allRanksLooked)
        // The last one dies during its scan.
        try job.pass(12, alive: [1, 2, 3, 4])
        #expect(job.trackers[0].allRanksLooked)
    }

    @Test func aNewRootLearnsWhichRanksHaveScanned() throws {
        var job = try Self.standing(.full(3), peers: 3)
        for number in 1...3 { try job.hear(.looked, from: number) }
        try job.settle()
        job.dead = [0]
        try job.pass(12, alive: [2, 3])
        #expect(job.trackers[1].lookingRanks.allSatisfy { $0.raw == job.peer(1) })
    }

    @Test(arguments: [Topology.full(3), .line(3)])
    func filesThatAreBeingDigestedAreListedInAllGroups(topology: Topology) throws {
        var job = try Self.standing(topology, peers: 3, haveLooked: false)
        let (name, size) = (try RelativePath("long"), ByteCount(1 << 40))
        try job.change([.reading(name, size: size)], from: 3)
        for number in 1...3 {
            if number != 2 { try job.hear(.looked, from: number) }
            try job.settle()
        }
        let states = try roll(&job, for: 1).map(\.presence)
        #expect(states == [.present, .looking, .reading])
        #expect(try list(from: 1, &job).map(\.name) == [name])
        try job.change([Group.owned("long", Group.content)], from: 3)
        try job.settle()
        #expect(try list(from: 1, &job).map(\.content) == [Group.content])
        #expect(try roll(&job, for: 1).last?.presence == .present)
    }

    private func list(from number: Int, _ job: inout Federation) throws -> [CatalogEntry] {
        _ = job.said()
        try job.hear(.catalogRequest(from: 0), from: number)
        try job.settle()
        guard let said = job.said().first, case .catalog(_, let count, _) = said.message else {
            return []
        }
        return try unsafe CatalogEntry.reading(said.tail.span.bytes, count: count)
    }

    @Test(arguments: [1, 4, 6]) func aUserOfAnyGroupEndsTheJob(number: Int) throws {
        var job = try Self.standing(.line(3), peers: 6)
        try job.hear(.leave, from: 3)
        try job.hear(.shutdown, from: number)
        try job.settle()
        #expect(job.stages.allSatisfy { $0 == .closing })
        #expect(Set(job.terminated) == Set((1...6).map { job.peer($0) }))
        for other in 1...6 where other != 3 { try job.report(from: other) }
        try job.settle()
        #expect(job.stages.allSatisfy { $0 == .over })
        #expect(job.trackers[0].accounts.allSatisfy { $0.stage == .closed })
        #expect(job.trackers.allSatisfy { $0.violations == 0 })
    }

    /// The root that would have ended the job is lost before it has the request.
    @Test func aUsersRequestToEndSurvivesTheRoot() throws {
        var job = try Self.standing(.full(3), peers: 3)
        job.dead = [0]
        try job.hear(.shutdown, from: 3)
        try job.settle()
        #expect(job.stages[2] == .running)
        try job.pass(14, alive: [2, 3])
        #expect(job.stages[1] == .closing && job.stages[2] == .closing)
    }

    @Test func badInputOfAnyGroupEndsIt() throws {
        var job = try Self.standing(.full(3), peers: 3, lists: false)
        for number in 1...2 { try job.list(from: number) }
        try job.hear(.prepared(.badInput), tail: Array("three".utf8), from: 3)
        try job.settle()
        #expect(!job.trackers[0].allRanksJoined)
        try job.pass(2, alive: [1, 2])
        #expect(job.stages.allSatisfy { $0 == .closing })
        #expect(job.trackers[0].refusal?.refusal == "three")
        for number in 1...3 { try job.report(from: number) }
        try job.settle()
        #expect(!job.trackers[0].allRanksJoined, "they have ended")
    }

    @Test func aJobContinuesWithoutPeersAndEndsWhenAllAreLost() throws {
        var job = try Self.standing(.ring(4), peers: 3)
        for number in 1...3 { try job.hear(.leave, from: number) }
        for _ in 0..<5 {
            try job.pass(2)
            for number in 1...3 { try job.hear(.leave, from: number) }
        }
        try job.settle()
        #expect(job.stages.allSatisfy { $0 == .running })
        #expect(job.trackers[0].accounts.allSatisfy { $0.stage == .closed })
        try job.pass(12)
        #expect(job.stages.allSatisfy { $0 == .over })
        #expect(job.trackers[0].accounts.allSatisfy { $0.stage == .lost })
    }

    @Test func theListHasTheRanksOfAllGroups() throws {
        var job = try Self.standing(.line(3), peers: 6, lists: false)
        for number in 1...5 {
            try job.list(from: number)
            try job.hear(.looked, from: number)
        }
        try job.hear(.leave, from: 3)
        try job.settle()
        #expect(
            try roll(&job, for: 1).map(\.presence)
                == [.present, .present, .left, .present, .present, .absent])
        try job.hear(.join, from: 3)
        try job.list(from: 3)
        try job.hear(.looked, from: 3)
        try job.settle()
        #expect(try roll(&job, for: 1)[2].presence == .present, "it is asked again")
        try job.pass(11, alive: [1, 2, 3, 5])
        #expect(
            try roll(&job, for: 5).map(\.presence)
                == [.present, .present, .present, .lost, .present, .lost])
    }

    @Test func aRankThatMovedToAnotherTrackerIsPresent() throws {
        var job = try Self.standing(.full(3), peers: 3)
        job.dead = [1]
        try job.pass(12, alive: [1, 3])
        #expect(try roll(&job, for: 1).map(\.presence) == [.present, .lost, .present])
        try job.hear(.join, from: 2, at: 2)
        try job.list(from: 2, at: 2)
        try job.hear(.looked, from: 2, at: 2)
        try job.settle()
        #expect(try roll(&job, for: 1).map(\.presence) == [.present, .present, .present])
    }

    /// Also one that left when its tracker was lost, and sends only `leave` to the next one.
    @Test func aRankThatLeavesAnotherTrackerHasLeft() throws {
        var job = try Self.standing(.full(3), peers: 3)
        job.dead = [1]
        try job.pass(12, alive: [1, 3])
        try job.hear(.leave, from: 2, at: 2)
        try job.settle()
        #expect(job.said().map(\.message) == [.leaveAck])
        #expect(try roll(&job, for: 1)[1].presence == .left)
        try job.hear(.join, from: 2)
        try job.list(from: 2)
        try job.hear(.looked, from: 2)
        try job.settle()
        #expect(try roll(&job, for: 1)[1].presence == .present)
    }

    @Test func theListHasTheSeedsOfAllGroups() throws {
        var job = try Self.standing(.line(3), peers: 6)
        try job.change([Group.owned("a", Group.content)], from: 6)
        let first = try roll(&job, of: Group.content, for: 1)
        #expect(ranks(first, of: job) == [6])
        for number in [2, 3] {
            try job.ask("a", from: number)
            try job.settle()
            try job.hear(.fileCompleted(Group.content), from: number)
        }
        try job.settle()
        let second = try roll(&job, of: Group.content, for: 1)
        #expect(ranks(second, of: job) == [2, 3, 6])
        try job.change([Group.gone("a", Group.content)], from: 6)
        let third = try roll(&job, of: Group.content, for: 1)
        #expect(ranks(third, of: job) == [2, 3])
        #expect(try roll(&job, of: Self.newer, for: 1).isEmpty)
    }
}
