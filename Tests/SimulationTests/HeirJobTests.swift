import Node
import Swarm
import Testing
import Vocabulary

@testable import Simulation

/// Staged jobs whose trackers are killed while they are under way.
@Suite struct HeirJobTests {
    private func options(seed: UInt64, trackers: Int) -> SimulationOptions {
        var options = SimulationOptions()
        options.kind = .staged
        options.trackers = trackers
        options.peers = 5
        options.sources = 2
        options.pieces = 20
        options.peerUp = 1e6
        options.sourceUp = 1e6
        options.checksInvariants = true
        options.faults = Faults([.killedTrackers])
        options.seed = seed
        return options
    }

    /// The lowest living rank takes over, all ranks get their copies, and its account is right.
    @Test(arguments: [1, 3]) func theLowestLivingRankTakesOver(trackers: Int) throws {
        for seed in 1...4 as ClosedRange<UInt64> {
            let job = try #require(SimulatedJob(options(seed: seed, trackers: trackers)))
            _ = job.run()
            #expect(job.outcome.isComplete)
            #expect(job.violations.isEmpty)
            #expect(job.outcome.fired[FaultKind.killedTrackers.rawValue] == trackers)
            // Several trackers are waited for one by one, and the run may end before that.
            if trackers == 1 { #expect(try #require(job.stage).heirCount > 0) }
        }
    }

    /// The trackers die while ranks wait for room, or read the manifest. The heir must not take the
    /// content for unknown, and must know which ranks can read pieces that no other rank sends.
    @Test(arguments: [730, 1059, 1649, 2120] as [UInt64])
    func theHeirKnowsAContentThatIsBeingOpened(seed: UInt64) throws {
        var options = SimulationOptions()
        options.faults = .all
        let shape = CampaignShape(options, drawn: .all)
        let job = try #require(SimulatedJob(shape.options(of: seed)))
        _ = job.run()
        #expect(job.outcome.missing.isEmpty)
        #expect(job.violations.isEmpty)
    }

    /// Rank 0 was stopped for longer than a lease, and the heir stands down when it is back.
    @Test func aStoppedTrackerTracksAgain() throws {
        var options = options(seed: 3, trackers: 1)
        options.faults = Faults()
        options.peerUp = 5e4
        options.sourceUp = 5e4
        let job = try #require(SimulatedJob(options))
        _ = job.run(until: .zero + .seconds(5))
        job.network.state.setPaused(.first, true)
        _ = job.run(until: .zero + .seconds(25))
        #expect(try #require(job.stage).heirCount > 0)
        job.network.state.setPaused(.first, false)
        #expect(job.run())
        #expect(job.outcome.missing.isEmpty)
        #expect(job.trackers.dropFirst().allSatisfy { $0 == nil })
    }

    /// The heir ends the job.
    @Test func theHeirHasTheFinalAccount() throws {
        let job = try #require(SimulatedJob(options(seed: 2, trackers: 1)))
        for _ in 0..<300 where job.lastWord == nil {
            _ = job.run(until: job.network.now + .seconds(1))
        }
        let last = try #require(job.lastWord).node.machine
        #expect(last.rules.inheritance != nil)
        #expect(last.accounts.count { $0.stage == .closed } >= 5)
    }
}
