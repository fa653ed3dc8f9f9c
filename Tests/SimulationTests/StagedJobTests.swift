import Swarm
import Testing
import Vocabulary

@testable import Simulation

@Suite struct StagedJobTests {
    private func small(seed: UInt64 = 1) -> SimulationOptions {
        .small(.staged, seed: seed)
    }

    /// A job that runs to its end, in which every rank gets its copy.
    private func complete(
        _ options: SimulationOptions, sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> SimulatedJob {
        let job = try #require(SimulatedJob(options))
        let isOver = job.run()
        #expect(isOver, sourceLocation: sourceLocation)
        #expect(job.outcome.isComplete, sourceLocation: sourceLocation)
        #expect(job.outcome.falseServings == 0, sourceLocation: sourceLocation)
        return job
    }

    private func count(_ name: String, in job: SimulatedJob) -> Int {
        job.branches.first { $0.name == name }?.count ?? 0
    }

    @Test func everyRankGetsItsCopy() throws {
        let job = try complete(small())
        #expect(job.outcome.finishedAt.count == 6)
        #expect(job.outcome.counts.payloads >= 6 * 20)
        // The publisher sealed it.
        #expect(job.network.state.contentTable.published.count == 1)
    }

    @Test func aSharedFileSystemIsStagedWithSeveralTrackers() throws {
        var options = small()
        options.trackers = 3
        options.staged.isSeenByAll = true
        options.staged.readersMax = 3
        _ = try complete(options)
    }

    @Test func theRanksOfAHostShareItsRoom() throws {
        var options = small()
        options.staged.ranksPerHost = 3
        _ = try complete(options)
    }

    @Test func aSourceWithoutACopyServesItsTable() throws {
        var options = small()
        options.staged.sourcesKeepCopies = false
        let job = try complete(options)
        #expect(count("table request", in: job) > 0)
    }

    /// Its pieces are compared with the publisher's before others get them, and differing ones are
    /// fetched.
    @Test func aSourceOnItsOwnDiskServesOnlyEqualPieces() throws {
        var options = small()
        options.sources = 2
        options.staged.hasOwnDisk = true
        options.staged.differingEvery = 4
        let job = try complete(options)
        #expect(count("confirmation", in: job) > 0)
        #expect(count("difference", in: job) > 0)
    }

    /// The digests that an earlier job noted are of an older source. The publisher's table shows
    /// it, and the copies get the right pieces before they get their names.
    @Test func outdatedPiecesOfAnEarlierJobAreReplaced() throws {
        var options = small(seed: 3)
        options.staged.resumedShare = 0.5
        options.staged.outdatedEvery = 3
        let job = try complete(options)
        #expect(count("table loss", in: job) > 0)
        let content = try #require(job.network.state.contents.first).content
        for rank in options.firstReceiver..<options.rankCount {
            for piece in 0..<20 {
                let version = job.network.state.disks[rank].version(
                    of: PieceIndex(piece), of: content)
                #expect(version == 0)
            }
        }
    }

    /// A seed file describes the source, and each of three ranks has a third of its pieces.
    @Test(arguments: [true, false]) func aDescribedSourceIsAssembledFromItsParts(
        keepCopies: Bool
    ) throws {
        var options = small()
        options.sources = 3
        options.staged.isDescribed = true
        options.staged.sourcesKeepCopies = keepCopies
        let job = try complete(options)
        for source in options.trackers..<options.firstReceiver {
            let byteCount = job.outcome.counts.served[source]
            #expect(byteCount > 0)
        }
    }

    @Test func piecesInPlaceAreNotSent() throws {
        var options = small()
        options.staged.inPlaceShare = 0.5
        let job = try complete(options)
        #expect(job.outcome.counts.payloads < 6 * 20)
    }

    /// Another rank reads the rest of the source, and another rank takes over as publisher.
    @Test(arguments: 1...4 as ClosedRange<UInt64>) func thePublisherMayBeKilled(
        seed: UInt64
    ) throws {
        var options = small(seed: seed)
        options.sources = 2
        options.peerUp = 1e6
        options.sourceUp = 1e6
        options.faults = Faults([.killedPublisher])
        let job = try #require(SimulatedJob(options))
        _ = job.run()
        #expect(job.outcome.isComplete)
        #expect(job.violations.isEmpty)
        #expect(job.outcome.fired[FaultKind.killedPublisher.rawValue] == 1)
    }

    /// It gets no order, and would keep proving that it lives to a tracker that waits for its list.
    @Test func aRankThatIsSilentDuringThePlanIsLeftOut() throws {
        let job = try #require(SimulatedJob(small()))
        let silent = Rank(5)
        job.network.state.setPaused(silent, true)
        _ = job.run(until: .zero + .seconds(15))
        job.network.state.setPaused(silent, false)
        let isOver = job.run()
        #expect(isOver)
        #expect(job.outcome.missing == [silent])
        #expect(job.warnings.rows.contains { $0.warning == .lost(silent) })
    }

    /// The plan is made again without it, because the tracker must not wait for it.
    @Test func aRankThatIsSilentAfterItsReportIsLeftOut() throws {
        let job = try #require(SimulatedJob(small()))
        _ = job.run(until: .zero + .microseconds(350))
        let silent = Rank(5)
        job.network.state.setPaused(silent, true)
        _ = job.run(until: .zero + .seconds(15))
        job.network.state.setPaused(silent, false)
        #expect(job.run())
        #expect(job.outcome.missing == [silent])
    }

    /// The others need not wait for the lease of a rank whose death is reported.
    @Test func aReportedDeathIsNotWaitedFor() throws {
        var ends: [Tick] = []
        for isReported in [true, false] {
            var options = small()
            options.reportsDeaths = isReported
            let job = try #require(SimulatedJob(options))
            _ = job.run(until: .zero + .milliseconds(10))
            job.kill(Rank(5))
            #expect(job.run())
            #expect(job.warnings.rows.contains { $0.warning == .died(Rank(5)) } == isReported)
            ends.append(job.outcome.end)
        }
        #expect(ends[0] + .seconds(5) < ends[1])
    }

    /// With several trackers these ask one another, instead of waiting until a part of a lease has
    /// passed. Rank 0 also tracks and publishes; if it dies beside other trackers, that takes time.
    @Test(arguments: [(1, true), (1, false), (2, false), (3, false)])
    func theDeathOfAReaderIsMendedAtOnce(trackers: Int, isFirst: Bool) throws {
        var options = small()
        options.trackers = trackers
        options.sources = 2
        options.peerUp = 1e6
        options.sourceUp = 1e6
        options.staged.isSeenByAll = true
        options.reportsDeaths = true
        let undisturbed = try complete(options).outcome.end
        let job = try #require(SimulatedJob(options))
        _ = job.run(until: .zero + .milliseconds(300))
        job.kill(Rank(isFirst ? 0 : Int32(trackers)))
        #expect(job.run())
        #expect(job.outcome.isComplete)
        let last = try #require(job.outcome.finishedAt.filter { $0 < .never }.max())
        #expect(last < undisturbed + .milliseconds(2500), "\(last)")
    }

    @Test func oneSeedGivesTheSameRunEachTime() throws {
        let first = try complete(small(seed: 9))
        let second = try complete(small(seed: 9))
        #expect(first.outcome.fingerprint == second.outcome.fingerprint)
    }
}
