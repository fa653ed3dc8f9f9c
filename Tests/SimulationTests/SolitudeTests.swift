import Simulation
import Swarm
import Testing
import Vocabulary

/// All trackers are killed while pieces move: peers that know each other go on trading.
@Suite struct SolitudeTests {
    private func options(_ serving: Serving, trackers: Int = 1) -> SimulationOptions {
        var options = SimulationOptions()
        options.peers = 12
        options.pieces = 60
        options.serving = serving
        options.picker = .rarestFirst
        options.trackers = trackers
        options.checksInvariants = true
        options.unchokingInterval = .seconds(2)
        // The whole job takes at least a minute and a half.
        options.sourceUp = 200_000
        options.peerUp = 200_000
        options.limit = .seconds(1200)
        return options
    }

    @Test(arguments: Serving.allCases, [1, 3])
    func knownContentsAreFinished(serving: Serving, trackers: Int) throws {
        var options = options(serving, trackers: trackers)
        options.trackersDieAt = .seconds(10)
        let job = try #require(SimulatedJob(options))
        #expect(job.run())
        #expect(job.outcome.isComplete)
        let last = try #require(job.outcome.finishedAt.max())
        #expect(last > .zero + .seconds(60))
        // No rank is asked for anything any more, and all leave.
        #expect(job.network.now - last <= .seconds(40))
    }

    /// A piece takes far longer than a lease.
    @Test func slowLinksAreWaitedFor() throws {
        var options = options(.cooperative)
        options.peers = 4
        options.pieces = 6
        options.pieceLength = 8 << 20
        options.trackersDieAt = .seconds(200)
        let job = try #require(SimulatedJob(options))
        #expect(job.run())
        #expect(job.outcome.isComplete)
    }

    @Test(arguments: Serving.allCases) func piecesThatNoRankHasAreGivenUp(serving: Serving) throws {
        var options = options(serving)
        options.trackersDieAt = .seconds(10)
        let job = try #require(SimulatedJob(options))
        #expect(!job.run(until: .zero + .seconds(20)))
        job.kill(Rank(1))
        #expect(job.run())
        #expect(!job.outcome.isComplete)
        #expect(job.network.now <= .zero + .seconds(300))
    }

    /// Before the admission there is nothing to finish.
    @Test func aPeerThatWasNeverAdmittedEnds() throws {
        var options = options(.cooperative)
        options.trackersDieAt = .microseconds(100)
        let job = try #require(SimulatedJob(options))
        #expect(job.run())
        #expect(job.network.now <= .zero + .seconds(60))
    }
}
