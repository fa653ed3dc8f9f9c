import Simulation
import Swarm
import Testing
import Vocabulary

@Suite struct SimulatedJobTests {
    private func outcome(_ options: SimulationOptions) throws -> SimulationOutcome {
        let job = try #require(SimulatedJob(options))
        #expect(job.run())
        return job.outcome
    }

    private func small(seed: UInt64 = 1) -> SimulationOptions {
        var options = SimulationOptions()
        options.pieces = 20
        options.checksInvariants = true
        options.seed = seed
        return options
    }

    @Test func allPeersFinishNearTheBound() throws {
        let outcome = try outcome(small())
        #expect(outcome.isComplete)
        #expect(outcome.finishedAt.count == 15)
        #expect(outcome.counts.payloads >= 15 * 20)
        #expect(outcome.falseServings == 0)
        #expect((1.0..<1.3).contains(outcome.lastOverBound))
        #expect((0.5...1).contains(outcome.utilisation))
    }

    /// It is a content of four pieces, which each peer fetches before the other one.
    @Test func aManifestThatIsTooLongForAMessageIsFetched() throws {
        var options = small()
        options.hasLongManifest = true
        let outcome = try outcome(options)
        #expect(outcome.isComplete)
        #expect(outcome.counts.payloads >= 15 * (20 + 4))
    }

    /// Sends of several ranks would meet at one receiver, and leave a sixth of all links idle.
    @Test(arguments: [7, 20])
    func peersWhoseLinksTakeNoMoreThanTheyGiveFinishNearTheBound(peers: Int) throws {
        var options = SimulationOptions()
        options.peers = peers
        options.pieces = 200
        options.pieceLength = 1 << 20
        options.peerDown = options.peerUp
        options.sourceDown = options.sourceUp
        let outcome = try outcome(options)
        #expect(outcome.isComplete)
        #expect(outcome.lastOverBound < 1.11)
    }

    /// Their buffers are full all the time, so that contents wait for one.
    @Test func manyFilesFinishNearTheBoundOfOne() throws {
        var options = SimulationOptions.small(.batch())
        (options.files, options.peers, options.pieces) = (16, 3, 32)
        options.pieceLength = 64 << 10
        (options.peerDown, options.sourceDown) = (options.peerUp, options.sourceUp)
        let offered = try outcome(options)
        #expect(offered.isComplete)
        #expect(offered.lastOverBound < 1.11)
        options.serving = .onRequest
        let asked = try outcome(options)
        #expect(asked.isComplete)
        #expect(asked.lastOverBound < 2)
    }

    /// One send at a time is best then, and is kept.
    @Test(arguments: [7, 20])
    func peersWhoseLinksTakeAnythingSendOnePieceAtATime(peers: Int) throws {
        var options = SimulationOptions()
        options.peers = peers
        options.pieces = 200
        options.pieceLength = 1 << 20
        let outcome = try outcome(options)
        #expect(outcome.lastOverBound < 1.03)
    }

    /// A source that does all the work says nothing about the peers.
    @Test func theSourceDoesNotCountInTheUtilisation() throws {
        var options = small()
        options.peers = 1
        let outcome = try outcome(options)
        #expect(outcome.sourceServed > 0)
        #expect(outcome.utilisation == 0)
    }

    @Test func oneSeedGivesTheSameRunTwice() throws {
        var options = small(seed: 5)
        options.checksInvariants = false
        let first = try outcome(options)
        let again = try outcome(options)
        options.seed = 6
        let other = try outcome(options)
        #expect(first.fingerprint == again.fingerprint)
        #expect(first.finishedAt == again.finishedAt)
        #expect(first.totals.eventCount == again.totals.eventCount)
        #expect(first.fingerprint != other.fingerprint)
    }

    /// The same with a thousand peers, 400 pieces and ten trackers: `PART=trackers make bench-sim`.
    @Test(arguments: [2, 5]) func severalTrackersShareTheWorkAndCostNoTime(trackers: Int) throws {
        var options = SimulationOptions()
        options.peers = 60
        options.pieces = 40
        let alone = try outcome(options)
        options.trackers = trackers
        options.checksInvariants = true
        let shared = try outcome(options)
        #expect(shared.isComplete)
        #expect(shared.lastOverBound <= alone.lastOverBound * 1.05)
        #expect(shared.busiestTracker < alone.busiestTracker)
    }

    @Test func allPeersFinishWithTrackersInALine() throws {
        var options = small()
        options.trackers = 6
        options.topology = .line(6)
        let outcome = try outcome(options)
        #expect(outcome.isComplete)
    }

    @Test func limitedDownlinksJitterAndSlowDisksOnlyTakeLonger() throws {
        var options = small()
        options.peerDown = options.peerUp * 2
        options.latency.classes = 3
        options.latency.jitterMax = .milliseconds(2)
        options.disk.writeLatency = .milliseconds(1)
        options.disk.writeRate = 5e7
        options.slowShare = 0.2
        let outcome = try outcome(options)
        #expect(outcome.isComplete)
    }

    /// The only rank that has a piece cannot read it, and reports that: the job ends as soon as all
    /// that can be obtained has arrived, without waiting for a lease.
    @Test(arguments: [1, 2, 3])
    func piecesThatNoRankCanReadAreLostAtOnce(trackers: Int) throws {
        var options = small()
        options.trackers = trackers
        let undisturbed = try outcome(options).end
        options.disk.unreadableEvery = 15
        let outcome = try outcome(options)
        #expect(!outcome.isComplete)
        #expect(outcome.end < undisturbed + .seconds(4), "\(outcome.end), \(undisturbed)")
    }

    @Test func peersThatJoinOneAfterAnotherFinish() throws {
        var options = small()
        options.joinRate = 10
        let outcome = try outcome(options)
        #expect(outcome.isComplete)
    }

    @Test func aRunMayStopAndGoOn() throws {
        let whole = try outcome(small())
        let job = try #require(SimulatedJob(small()))
        var slices = 0
        while !job.run(until: job.network.now + .milliseconds(20)) { slices += 1 }
        #expect(slices > 3)
        #expect(job.outcome.fingerprint == whole.fingerprint)
    }
}
