import Testing
import Vocabulary
import Wire

@testable import Swarm

/// What a lost tracker knew, and what only another group can help with.
struct GroupClaimTests {
    /// Peer 1 owns what the two others want; each has a tracker of its own.
    private static func job() throws -> Federation {
        var job = Federation(.full(3), peers: 3)
        try job.list([Group.owned("a", Group.content)], from: 1)
        for number in 2...3 { try job.list([Group.wanted("a")], from: number) }
        try job.settle()
        return job
    }

    /// Its new tracker has never heard of the content.
    @Test func aSeedThatChangesItsTrackerIsFoundThere() throws {
        var job = try Self.job()
        try job.ask("a", from: 2)
        try job.settle()
        try job.hear(.fileCompleted(Group.content), from: 2)
        job.dead = [1]
        try job.pass(12, alive: [1, 3])
        try job.hear(.join, from: 2, at: 2)
        try job.list([Group.wanted("a")], from: 2, at: 2)
        try job.hear(.fileCompleted(Group.content), from: 2, at: 2)
        try job.settle()
        _ = job.said()
        try job.ask("a", from: 3)
        try job.settle()
        let told = try #require(try job.told(3))
        #expect(told.members == [job.peer(1), job.peer(2)])
        #expect(job.trackers[2].violations == 0)
    }

    /// The publisher dies. Peer 3 can read what is missing, and its tracker asks it to.
    @Test func whatAReaderOfAnotherGroupCanReadIsNotLost() throws {
        var job = try Self.job()
        try job.hear(.publishes(Group.content), from: 1)
        for number in 2...3 { try job.ask("a", from: number) }
        try job.settle()
        try job.hear(.standsBy(Group.content), from: 3)
        _ = job.said()
        for _ in 0..<16 {
            try job.pass(2, alive: [2, 3])
            for number in 2...3 {
                try job.hear(
                    .swarmRequest(
                        Group.content, want: WantNumber(0), by: .content, needsManifest: false),
                    from: number)
                try job.hear(
                    .stalled(Group.content, missing: 3, fingerprint: 7), from: number)
            }
            try job.settle()
        }
        let said = job.said()
        #expect(said.contains { $0.message == .readRest(Group.content) && $0.to == job.peer(3) })
        #expect(
            !said.contains { if case .swarmLost = $0.message { true } else { false } })
    }
}
