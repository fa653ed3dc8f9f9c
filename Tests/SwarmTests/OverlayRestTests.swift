import Testing
import Vocabulary

@testable import Swarm

/// When a tracker without work should look again soon.
struct OverlayRestTests {
    private func job() throws -> Federation {
        var job = Federation(.line(3), peers: 3)
        try job.list([Group.owned("a", Group.content)], from: 3)
        for number in 1...2 { try job.list([Group.wanted("a")], from: number) }
        try job.settle()
        return job
    }

    private func expecting(_ job: Federation) -> [Bool] {
        job.trackers.map { $0.isExpecting(now: job.now) }
    }

    @Test func aTrackerExpectsMoreMessagesForAWhileAfterAQuery() throws {
        var job = try job()
        #expect(expecting(job) == [false, false, false])
        try job.ask("a", from: 1)
        try job.settle()
        #expect(expecting(job) == [true, true, true])
        job.jump(.milliseconds(249))
        #expect(expecting(job) == [true, true, true])
        job.jump(.milliseconds(1))
        #expect(expecting(job) == [false, false, false])
    }

    @Test func aWaitingTrackerExpectsAnswersUntilTheDeadline() throws {
        var job = try job()
        job.dead = [2]
        try job.ask("a", from: 1)
        try job.settle()
        try job.pass(4.5, alive: [1, 2])
        #expect(expecting(job) == [true, false, false])
        try job.pass(1, alive: [1, 2])
        #expect(expecting(job) == [false, false, false])
    }

    @Test func theOnlyTrackerExpectsNoMessages() throws {
        let group = try Group.running(2)
        #expect(!group.tracker.isExpecting(now: group.now))
    }
}
