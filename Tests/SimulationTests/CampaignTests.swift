import Simulation
import Swarm
import Testing
import Vocabulary

@Suite struct CampaignTests {
    @Test func ranksThatCanFinishDoSoInSpiteOfFaults() throws {
        var options = SimulationOptions()
        options.peers = 6
        options.sources = 2
        options.pieces = 15
        options.pieceLength = 64 << 10
        options.peerUp = 200_000
        options.sourceUp = 200_000
        options.checksInvariants = true
        options.faults = Faults([.kill, .slow, .shortWrite, .bitRot, .wrongBytes])
        var campaign = Campaign(CampaignShape(options, drawn: []))
        for seed in 1...6 as ClosedRange<UInt64> {
            _ = campaign.run(try #require(campaign.job(seed)))
        }
        for failure in campaign.failures {
            Issue.record("seed \(failure.seed): \(failure.missing) \(failure.violations)")
        }
        #expect(campaign.faults.allSatisfy { $0.total > 0 })
    }

    @Test func theJobOfASeedDependsOnTheSeedAlone() {
        let all = CampaignShape(SimulationOptions(), drawn: .all)
        var given = SimulationOptions()
        given.peers = 40
        let some = CampaignShape(given, drawn: CampaignShape.Drawn.all.subtracting(.peers))
        for seed in 1...50 as ClosedRange<UInt64> {
            let options = all.options(of: seed)
            #expect((3...14).contains(options.peers) && (1...2).contains(options.sources))
            #expect((5...60).contains(options.pieces))
            #expect(options.lastPieceShorterBy < options.pieceLength)
            // Settings of the user are kept, and change nothing else.
            let other = some.options(of: seed)
            #expect(other.peers == 40)
            #expect(other.pieces == options.pieces && other.pieceLength == options.pieceLength)
            #expect(other.serving == options.serving && other.peerUp == options.peerUp)
        }
        let shapes = (1...50 as ClosedRange<UInt64>).map { all.options(of: $0) }
        #expect(shapes.contains { !$0.carriesBytes })
        #expect(shapes.contains { $0.lastPieceShorterBy > 0 })
        #expect(shapes.contains { $0.peerDown == $0.peerUp })
    }

    @Test func receiversGiveUpWhenAllSourcesDie() throws {
        var options = SimulationOptions()
        options.peers = 4
        options.pieces = 20
        options.peerUp = 1e6
        options.sourceUp = 1e6
        options.checksInvariants = true
        options.faults = Faults([.orphan])
        var isLost = false
        for seed in 1...4 as ClosedRange<UInt64> {
            options.seed = seed
            let job = try #require(SimulatedJob(options))
            _ = job.run()
            #expect(job.outcome.isComplete)
            #expect(job.violations.isEmpty)
            if job.branches.contains(where: { $0.name == "loss" && $0.count > 0 }) { isLost = true }
        }
        #expect(isLost)
    }

    /// On links where a piece takes minutes, because all ranks asked for one at once, pieces under
    /// way must be waited for; but nothing may wait for sources that are dead.
    @Test(arguments: [1895, 1900, 2589, 4272] as [UInt64])
    func onlyTheLivingAreWaitedForLong(seed: UInt64) throws {
        var options = SimulationOptions()
        options.faults = .all
        let drawn = CampaignShape.Drawn.all.subtracting([.trackers, .topology])
        let shape = CampaignShape(options, drawn: drawn)
        let job = try #require(SimulatedJob(shape.options(of: seed)))
        _ = job.run()
        #expect(job.outcome.isComplete)
        #expect(job.outcome.missing.isEmpty)
        #expect(job.violations.isEmpty)
    }

    /// The heir garbles its requests for lists, and does not repeat them after it is honest again.
    @Test func aGarbledRequestForAListIsMadeUpFor() throws {
        var options = SimulationOptions()
        options.faults = .all
        options = CampaignShape(options, drawn: .all).options(of: 2824)
        options.reportsDeaths = false
        options.staged.isDescribed = false
        let job = try #require(SimulatedJob(options))
        _ = job.run()
        #expect(job.outcome.isComplete)
        #expect(job.outcome.missing.isEmpty)
        #expect(job.branches.contains { $0.name == "readmission" && $0.count > 0 })
    }

    /// The peers of a lost tracker go to the next one, whatever the topology.
    @Test(
        arguments: [Topology.full(3), .line(3), .ring(4)],
        [FaultKind.lostTracker, .stoppedTracker])
    func peersOfAnAbsentTrackerGoOn(topology: Topology, fault: FaultKind) throws {
        var options = SimulationOptions()
        options.trackers = topology.trackerCount
        options.topology = topology
        options.peers = 6
        options.sources = 2
        options.pieces = 30
        options.peerUp = 1e6
        options.sourceUp = 1e6
        options.checksInvariants = true
        options.faults = Faults([fault])
        for seed in 1...3 as ClosedRange<UInt64> {
            options.seed = seed
            let job = try #require(SimulatedJob(options))
            _ = job.run()
            #expect(job.outcome.isComplete)
            #expect(job.violations.isEmpty)
            #expect(job.outcome.fired[fault.rawValue] == 1)
        }
    }

    @Test func faultsThatDidNotOccurAreCountedAsZero() throws {
        var options = SimulationOptions()
        options.peers = 4
        options.pieces = 10
        options.faults = Faults([.slow])
        let job = try #require(SimulatedJob(options))
        #expect(job.run())
        for kind in FaultKind.allCases where kind != .slow {
            #expect(job.outcome.fired[kind.rawValue] == 0)
        }
    }
}
