import Staging
import Swarm
import Testing
import Vocabulary

@testable import Simulation

/// Jobs whose source is an archive, which one rank reads while the others get what it has unpacked.
@Suite struct ArchivedJobTests {
    private func small(seed: UInt64 = 1) -> SimulationOptions {
        var options = SimulationOptions.small(.staged, seed: seed)
        options.staged.archiveParts = 4
        options.staged.unpackingTime = .seconds(8)
        return options
    }

    private func run(_ options: SimulationOptions) throws -> SimulatedJob {
        let job = try #require(SimulatedJob(options))
        _ = job.run()
        #expect(job.outcome.isComplete)
        #expect(job.violations.isEmpty)
        #expect(job.outcome.falseServings == 0)
        return job
    }

    /// The bytes that all ranks have sent before that time.
    private func sentBytes(_ options: SimulationOptions, until end: Duration) throws -> UInt64 {
        let job = try #require(SimulatedJob(options))
        _ = job.run(until: .zero + end)
        return job.outcome.counts.served.reduce(0, +)
    }

    @Test func partsTravelWhileTheArchiveIsRead() throws {
        let options = small()
        let sent = try sentBytes(options, until: .seconds(3))
        #expect(sent > 0)
        let job = try run(options)
        // Four parts and the tree are published, and the tree only comes when all is unpacked.
        #expect(job.network.state.contents.count == 5)
        #expect(job.stage?.plan?.contents.count == 1)
        #expect(job.outcome.finishedAt.allSatisfy { $0 > .zero + .seconds(8) && $0 < .never })
    }

    /// The tree takes over the files of proven parts, so nothing is sent twice. Rank 0 gets a copy
    /// too.
    @Test func theTreeTakesOverWhatThePartsHave() throws {
        var options = small()
        options.staged.unpackingTime = .seconds(60)
        let job = try run(options)
        #expect(job.outcome.counts.payloads == 7 * 20)
    }

    /// The later file arrives with the tree, although the earlier one of that name is there.
    @Test func aFileThatALaterEntryReplacesIsFetchedAgain() throws {
        var options = small()
        options.staged.repeatsName = true
        options.staged.unpackingTime = .seconds(60)
        let job = try run(options)
        #expect(job.outcome.counts.payloads > 7 * 20)
        let tree = try #require(job.network.state.contents.last).content
        for rank in options.firstReceiver..<options.rankCount {
            for piece in 0..<20 {
                let disk = job.network.state.disks[rank]
                #expect(disk.version(of: PieceIndex(piece), of: tree) == 0)
            }
        }
    }

    /// Ranks that share a disk get room for the whole tree, so all of the archive is read first.
    @Test func ranksOfOneHostWaitForTheWholeList() throws {
        var options = small()
        options.staged.ranksPerHost = 10
        let job = try run(options)
        #expect(job.network.state.contents.count == 1)
    }

    @Test func severalTrackersWaitForTheWholeList() throws {
        var options = small()
        options.trackers = 3
        #expect(try run(options).network.state.contents.count == 1)
    }

    /// No rank waits for what will not come, and no copy gets a name.
    @Test(arguments: 1...6 as ClosedRange<UInt64>) func anArchiveMayEndEarly(seed: UInt64) throws {
        var options = small(seed: seed)
        options.faults = Faults([.brokenArchive])
        let job = try run(options)
        #expect(job.outcome.fired[FaultKind.brokenArchive.rawValue] == 1)
        #expect(job.outcome.finishedAt.allSatisfy { $0 == .never })
        #expect(job.outcome.end < .zero + .seconds(120))
    }

    /// A rank either has the whole tree or has given up.
    @Test(arguments: [true, false], 1...6 as ClosedRange<UInt64>)
    func theRankThatReadsMayBeKilled(isReported: Bool, seed: UInt64) throws {
        var options = small(seed: seed)
        options.reportsDeaths = isReported
        options.faults = Faults([.killedPublisher])
        _ = try run(options)
    }

    @Test(
        arguments: [FaultKind.kill, .pause, .wrongBytes, .failingDisk, .fullDisk, .killedTrackers],
        1...3 as ClosedRange<UInt64>)
    func theOthersGetTheTree(fault: FaultKind, seed: UInt64) throws {
        var options = small(seed: seed)
        options.staged.resumedShare = seed == 2 ? 0.4 : 0
        options.staged.repeatsName = seed == 3
        options.faults = Faults([fault])
        let job = try run(options)
        #expect(job.outcome.missing.isEmpty)
    }
}
