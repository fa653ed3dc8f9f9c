import Testing
import Vocabulary
import Wire

@testable import Swarm

/// The stage of the job survives the loss of the root, even where not all trackers have heard of
/// it, or the root was only stopped.
struct GroupReturnTests {
    private func join(_ number: Int, at tracker: Int, _ job: inout Federation) throws {
        try job.hear(.join, from: number, at: tracker)
        try job.list(from: number)
        try job.settle()
    }

    private func finish(_ job: inout Federation) throws {
        for number in 1...3 {
            try job.hear(.allFilesCompleted(delivered: 0, failed: 0), from: number)
        }
        try job.pass(6, alive: [1, 2, 3])
        #expect(job.stages.filter { $0 == .closing }.count >= 2)
        for number in 1...3 { try job.report(from: number) }
    }

    @Test func aJobThatBeganWithoutTheFirstGoesOnWithIt() throws {
        var job = Federation(.full(3), peers: 3)
        for number in 2...3 { try job.list(from: number) }
        try job.settle()
        job.stop(0)
        try job.pass(12, alive: [2, 3])
        try join(1, at: 1, &job)
        #expect(job.stages == [.gathering, .running, .running])
        try job.resume(0)
        // Messages that waited for the first are handled now.
        try job.hear(.join, from: 1, at: 0)
        try job.hear(.alive, from: 1, at: 1)
        try job.pass(14, alive: [1, 2, 3])
        #expect(job.stages == [.running, .running, .running])
        try finish(&job)
        try job.pass(6)
        #expect(job.stages.allSatisfy { $0 == .over })
        #expect(job.trackers[0].accounts.allSatisfy { $0.stage == .closed })
        #expect(job.warnings == [.lost(.first)])
    }

    /// It handles the messages of the meantime one after the other.
    @Test(arguments: [0, 1]) func aStoppedRootTakesNoTrackerForLost(tracker: Int) throws {
        var job = Federation(.full(3), peers: 3)
        for number in 1...3 { try job.list([Group.wanted("a")], from: number) }
        try job.settle()
        job.stop(tracker)
        for _ in 0..<9 { try job.pass(1, alive: [1, 2, 3]) }
        job.jump(.seconds(10))
        for number in 1...3 where number != tracker + 1 { try job.hear(.alive, from: number) }
        try job.resume(tracker, isLate: true)
        #expect(job.warnings.isEmpty)
    }

    /// It knows nothing yet of the three that answer first.
    @Test func aStoppedTrackerWaitsForAllAnswers() throws {
        var job = Federation(.full(3), peers: 3)
        try job.list([Group.wanted("a")], from: 1)
        try job.list([Group.wanted("b")], from: 2)
        try job.list([Group.owned("a", Group.content)], from: 3)
        try job.settle()
        _ = job.said()
        try job.ask("a", from: 1)
        job.stop(0)
        try job.settle()
        job.jump(.seconds(8))
        try job.resume(0)
        #expect(try job.told(1)?.content == Group.content)
    }

    /// The next root did not know that the job had begun.
    @Test func aTrackerInformsTheNewRootThatTheJobHasBegun() throws {
        var job = Federation(.full(3), peers: 3)
        for number in 2...3 { try job.list(from: number) }
        try job.settle()
        job.dead = [1]
        try job.list(from: 1)
        try job.settle()
        #expect(job.stages == [.running, .gathering, .running])
        job.dead = [0]
        try job.pass(12, alive: [2, 3])
        try join(1, at: 1, &job)
        try job.pass(3, alive: [1, 2, 3])
        #expect(job.stages[1] == .running)
        try finish(&job)
        try job.pass(6)
        #expect(job.stages[1] == .over && job.stages[2] == .over)
    }

    /// They try the trackers one by one, each for a lease.
    @Test func thePeersOfSeveralLostTrackersAreWaitedForLonger() throws {
        var job = Federation(.full(5), peers: 5)
        for number in 1...5 { try job.list([Group.wanted("a")], from: number) }
        try job.settle()
        for number in [1, 5] {
            try job.hear(.allFilesCompleted(delivered: 0, failed: 0), from: number)
        }
        job.dead = [1, 2, 3]
        try job.pass(36, alive: [1, 5])
        #expect(job.stages[0] == .running)
        for number in 2...4 {
            try job.hear(.join, from: number, at: 4)
            try job.list([Group.wanted("a")], from: number)
        }
        try job.settle()
        try job.pass(30, alive: [1, 2, 3, 4, 5])
        #expect(job.stages[0] == .running)
        for number in 2...4 {
            try job.hear(.allFilesCompleted(delivered: 1, failed: 0), from: number)
        }
        try job.settle()
        #expect(job.stages[0] == .closing)
    }

    /// The new root has not learned of the end of the job from the old one.
    @Test(arguments: [1, 2]) func aTrackerInformsTheNewRootThatTheJobIsOver(deaf: Int) throws {
        var job = Federation(.full(3), peers: 3)
        for number in 1...3 { try job.list(from: number) }
        try job.settle()
        for number in 2...3 {
            try job.hear(.allFilesCompleted(delivered: 0, failed: 0), from: number)
        }
        try job.settle()
        job.dead = [deaf]
        try job.hear(.allFilesCompleted(delivered: 0, failed: 0), from: 1)
        try job.settle()
        #expect(job.stages[deaf] == .running && job.stages[3 - deaf] == .closing)
        job.dead = [0]
        try job.pass(12, alive: [2, 3])
        try job.pass(3, alive: [2, 3])
        #expect(job.stages[1] == .closing && job.stages[2] == .closing)
        for number in 2...3 { try job.report(from: number) }
        try job.pass(25)
        #expect(job.stages[1] == .over && job.stages[2] == .over)
    }
}
