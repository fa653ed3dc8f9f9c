import Testing
import Vocabulary
import Wire

@testable import Swarm

/// The space that the ranks of one host need on its disks, where they belong to several groups.
struct GroupRoomTests {
    /// Peers 1 to 3 are ranks 3 to 5, one with each tracker.
    private static func job() throws -> Federation {
        var job = Federation(.line(3), peers: 3) { rules in
            rules.roomGroups = [[Rank(3), Rank(4), Rank(5)]]
            rules.roomContentCount = 1
        }
        for number in 1...3 { try job.list([Group.wanted("a")], from: number) }
        try job.settle()
        _ = job.said()
        return job
    }

    private static func measure(
        _ job: inout Federation, _ needed: Int64, from number: Int, at tracker: Int? = nil
    ) throws {
        try job.hear(
            .measured(Group.content, needed: ByteCount(needed), available: ByteCount(10)),
            tail: [1, 0, 0, 0, 0, 0, 0, 0], from: number, at: tracker)
        try job.settle()
    }

    /// The ranks that were granted room, and the space that others need.
    private static func verdicts(_ job: inout Federation) -> [String] {
        job.said().compactMap { word in
            guard case .room(_, let taken, let isGranted) = word.message else { return nil }
            return "\(word.to) \(isGranted ? "fits" : "does not fit") beside \(taken.raw)"
        }.sorted()
    }

    @Test func theNeedsOfAllGroupsAreAdded() throws {
        var job = try Self.job()
        try Self.measure(&job, 6, from: 3)
        try Self.measure(&job, 6, from: 1)
        #expect(Self.verdicts(&job).isEmpty)
        try Self.measure(&job, 4, from: 2)
        #expect(
            Self.verdicts(&job) == [
                "3 fits beside 0", "4 fits beside 6", "5 does not fit beside 10",
            ])
    }

    @Test func ranksThatGaveUpOrAreLostAreNotWaitedFor() throws {
        var job = try Self.job()
        try Self.measure(&job, 6, from: 3)
        try job.hear(.gaveUp(Group.content), from: 1)
        try job.settle()
        #expect(Self.verdicts(&job).isEmpty)
        try job.pass(11, alive: [1, 3])
        #expect(Self.verdicts(&job).contains("5 fits beside 0"))
        // The rank was only silent, and gets what is left.
        try Self.measure(&job, 6, from: 2)
        #expect(Self.verdicts(&job) == ["4 does not fit beside 6"])
    }

    @Test func aRankThatLosesItsTrackerGetsItsAnswerAgain() throws {
        var job = try Self.job()
        for number in 1...3 { try Self.measure(&job, 3, from: number) }
        _ = job.said()
        job.dead = [1]
        try job.pass(12, alive: [1, 3])
        try job.hear(.join, from: 2, at: 2)
        try job.list([Group.wanted("a")], from: 2, at: 2)
        try Self.measure(&job, 3, from: 2, at: 2)
        #expect(Self.verdicts(&job) == ["4 fits beside 3"])
    }

    /// Its first tracker was stopped, and counts it as lost later.
    @Test func aRankThatMovedToTheRootIsWaitedFor() throws {
        var job = try Self.job()
        try job.hear(.join, from: 2, at: 0)
        try job.list([Group.wanted("a")], from: 2, at: 0)
        try job.pass(12, alive: [1, 2, 3])
        for number in [1, 3] { try Self.measure(&job, 3, from: number) }
        #expect(Self.verdicts(&job).isEmpty)
        try Self.measure(&job, 3, from: 2)
        #expect(
            Self.verdicts(&job) == [
                "3 fits beside 0", "4 fits beside 3", "5 fits beside 6",
            ])
    }

    @Test func aRankLostWithItsTrackerIsNotWaitedFor() throws {
        var job = try Self.job()
        try Self.measure(&job, 6, from: 1)
        try Self.measure(&job, 4, from: 3)
        job.dead = [1]
        try job.pass(20, alive: [1, 3])
        #expect(Self.verdicts(&job).isEmpty)
        try job.pass(15, alive: [1, 3])
        #expect(Self.verdicts(&job) == ["3 fits beside 0", "5 fits beside 6"])
    }

    @Test func theNextRootLearnsTheNeeds() throws {
        var job = try Self.job()
        try Self.measure(&job, 6, from: 2)
        try Self.measure(&job, 6, from: 3)
        job.dead = [0]
        try job.pass(14, alive: [2, 3])
        try job.hear(.join, from: 1, at: 1)
        try job.list([Group.wanted("a")], from: 1, at: 1)
        try Self.measure(&job, 3, from: 1, at: 1)
        #expect(
            Self.verdicts(&job) == [
                "3 fits beside 0", "4 fits beside 3", "5 does not fit beside 9",
            ])
    }
}
