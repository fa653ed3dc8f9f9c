import Swarm
import Testing
import Vocabulary
import Wire

@testable import Simulation

@Suite struct StandingJobTests {
    private func small(seed: UInt64 = 1) -> SimulationOptions {
        var options = SimulationOptions.small(.standing, seed: seed)
        options.pieceLength = 64 << 10
        return options
    }

    /// A user ends the job when each rank has the content that was there all the time.
    @Test(arguments: 1...6 as ClosedRange<UInt64>) func usersFetchAndEndTheJob(
        seed: UInt64
    ) throws {
        var options = small(seed: seed)
        options.standing.ordersPerRank = 5
        options.standing.hasRivals = seed % 2 == 0
        let job = try #require(SimulatedJob(options))
        #expect(job.run())
        #expect(job.outcome.isComplete)
        #expect(job.outcome.missing.isEmpty)
        #expect(job.outcome.falseServings == 0)
        let standing = try #require(job.standing)
        for rank in options.peerRanks { #expect(standing.unanswered(rank) == 0) }
    }

    @Test func severalTrackersQueryEachOther() throws {
        var options = small(seed: 7)
        options.trackers = 3
        options.topology = .line(3)
        let job = try #require(SimulatedJob(options))
        #expect(job.run())
        #expect(job.outcome.isComplete)
    }

    @Test func ranksMayBeKilledAndOthersFinish() throws {
        for seed in 1...3 as ClosedRange<UInt64> {
            var options = small(seed: seed)
            options.sources = 2
            options.faults = Faults([.kill, .pause])
            let job = try #require(SimulatedJob(options))
            _ = job.run()
            #expect(job.outcome.isComplete)
            #expect(job.violations.isEmpty)
        }
    }

    /// A user at rank 2 orders a content that its only owner has withdrawn, and gets it.
    /// The tracker may still list the owner for a while, so only a later delivery is wrong.
    @Test(arguments: [(seconds: 1, isWrong: false), (seconds: 60, isWrong: true)])
    func aDeliveryOfWhatWasWithdrawnIsAViolation(seconds: Int, isWrong: Bool) throws {
        var options = small()
        options.faults = Faults([.slow])
        let job = try #require(SimulatedJob(options))
        let standing = try #require(job.standing)
        func order(_ deed: StandingScript.Deed, by rank: Int) -> [DownloaderNote] {
            standing.orders(of: StandingScript.Step(time: job.network.now, rank: rank, deed: deed))
        }
        job.network.state.queue.wait(until: .zero + .seconds(100))
        _ = order(.share(1), by: 3)
        _ = order(.unshare(1), by: 3)
        job.network.state.queue.wait(until: job.network.now + .seconds(seconds))
        _ = order(.get(1, .name), by: 2)
        standing.heard(.delivered(OrderTicket(0), job.network.state.contents[1].content))
        #expect(job.violations == (isWrong ? [.deliveredWithdrawn(at: Rank(2))] : []))
    }

    @Test func theScriptIsAFunctionOfTheSeed() {
        let first = StandingScript(small(seed: 4), within: .seconds(20))
        let second = StandingScript(small(seed: 4), within: .seconds(20))
        #expect(first.steps == second.steps && first.owners == second.owners)
        let other = StandingScript(small(seed: 5), within: .seconds(20))
        #expect(first.steps != other.steps)
    }

    /// A rule that cannot be broken shows nothing, so users report events that cannot be.
    @Test func eventsThatCannotBeAreViolations() throws {
        var options = small()
        options.faults = Faults([.slow])
        let job = try #require(SimulatedJob(options))
        let standing = try #require(job.standing)
        let rank = options.trackers
        _ = standing.lastOrders(of: rank)
        standing.heard(.failed(OrderTicket(1), .unknown))
        #expect(job.violations == [.countedLost(at: Rank(Int32(rank)))])
        standing.heard(.failed(OrderTicket(1), .unknown))
        #expect(job.violations.contains(.answeredTwice(at: Rank(Int32(rank)))))
    }
}
