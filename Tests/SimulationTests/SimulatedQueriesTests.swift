import Simulation
import Swarm
import Testing

struct SimulatedQueriesTests {
    private func run(
        _ topology: Topology, timeToLive: Int? = nil, clients: Int = 1
    ) throws -> SimulatedQueries {
        let rules = OverlayRules(topology: topology, timeToLive: timeToLive)
        let job = try #require(
            SimulatedQueries(
                rules, questions: 5, clients: clients, latency: .milliseconds(1), seed: 3))
        #expect(job.run())
        #expect(job.answers.count == 5 * clients)
        return job
    }

    private func recall(_ job: SimulatedQueries) -> Double {
        let found = job.answers.reduce(0) { $0 + $1.found }
        return Double(found) / Double(job.answers.reduce(0) { $0 + $1.existing })
    }

    @Test(arguments: [2, 3, 8, 10]) func aQueryCostsAKnownNumberOfMessages(count: Int) throws {
        #expect(try run(.full(count), timeToLive: 1).traffic.queries == 5 * (count - 1))
        let flooded = try run(.full(count), timeToLive: 2)
        #expect(flooded.traffic.queries == 5 * (count - 1) * (count - 1))
        #expect(recall(flooded) == 1)
        for timeToLive in [1, 2, count] {
            let line = try run(.line(count), timeToLive: timeToLive)
            #expect(line.traffic.queries == 5 * min(timeToLive, count - 1))
        }
    }

    /// To the tracker and back, and from there to the farthest tracker and back.
    @Test func anAnswerTakesTheTimeToTheFarthestTracker() throws {
        #expect(try run(.full(8)).answers.allSatisfy { $0.took == .milliseconds(4) })
        #expect(try run(.line(8)).answers.allSatisfy { $0.took == .milliseconds(16) })
    }

    @Test func ownersBeyondTheTimeToLiveAreNotFound() throws {
        #expect(recall(try run(.line(10), timeToLive: 2, clients: 10)) < 1)
        #expect(recall(try run(.line(10), clients: 10)) == 1)
    }
}
