import Swarm
import Testing
import Vocabulary

@testable import Simulation

/// Each rank has a source, a few ranks write the copies, and in the end sources are removed.
@Suite struct CollectedJobTests {
    private func small(
        _ set: (inout CollectedOptions) -> Void = { _ in }
    ) -> SimulationOptions {
        var options = SimulationOptions.small(.staged)
        var collected = CollectedOptions()
        set(&collected)
        options.collected = collected
        options.peerUp = 1e6
        options.peerDown = 1e6
        options.sourceUp = 1e6
        return options
    }

    /// Runs a job that is watched, in which a rank dies at that time.
    private func run(
        _ options: SimulationOptions, killing rank: Rank? = nil, at time: Duration = .zero
    ) throws -> SimulatedJob {
        let job = try #require(SimulatedJob(options))
        let count = options.rankCount
        job.network.state.watch = SafetyWatch(
            options, mischief: [Mischief](repeating: [], count: count),
            disks: [DiskModel?](repeating: nil, count: count))
        if let rank {
            _ = job.run(until: .zero + time)
            job.kill(rank)
        }
        let isOver = job.run()
        #expect(isOver)
        #expect(job.violations.isEmpty)
        return job
    }

    private func rows(of job: SimulatedJob) -> [CollectedTable.Row] {
        job.network.state.collected.rows
    }

    private func named(_ job: SimulatedJob) -> Set<Rank> {
        Set(rows(of: job).filter(\.isNamed).map(\.collected.source))
    }

    private func removed(_ job: SimulatedJob) -> Set<Rank> {
        Set(rows(of: job).filter(\.isRemoved).map(\.collected.source))
    }

    private let all = Set((1...7).map { Rank($0) })

    @Test(arguments: [1, 2, 3, 7]) func eachSourceIsCollectedAndThenRemoved(writers: Int) throws {
        let job = try run(small { $0.writersMax = writers })
        #expect(Set(rows(of: job).map(\.collected.writer)).count == writers)
        #expect(named(job) == all)
        #expect(removed(job) == all)
        #expect(job.outcome.isComplete)
    }

    /// What a rank writes itself passes no link.
    @Test func aRankThatWritesKeepsItsOwnBytes() throws {
        let job = try run(small { $0.writersMax = 7 })
        let sources = rows(of: job).filter { $0.collected.source != $0.collected.writer }
        #expect(job.outcome.counts.payloads == sources.count * 20)
    }

    @Test func theRanksOfAHostHaveOneSource() throws {
        var options = small { $0.isOfEachHost = true }
        options.staged.ranksPerHost = 2
        let job = try run(options)
        #expect(rows(of: job).map(\.owners.count) == [1, 2, 2, 2])
        #expect(removed(job) == [1, 2, 4, 6].map { Rank($0) }.reduce(into: []) { $0.insert($1) })
        #expect(job.outcome.isComplete)
    }

    @Test func withoutTheOptionNothingIsRemoved() throws {
        let job = try run(small { $0.removal = .never })
        #expect(named(job) == all)
        #expect(removed(job).isEmpty)
    }

    @Test(arguments: [SourceRemovalRule.forEach, .together])
    func aSourceThatDiesConcernsTheOthersOnlyWhereAllCount(rule: SourceRemovalRule) throws {
        let job = try run(small { $0.removal = rule }, killing: Rank(4), at: .milliseconds(500))
        let others = all.subtracting([Rank(4)])
        #expect(named(job) == others)
        #expect(removed(job) == (rule == .forEach ? others : []))
    }

    /// The sources that others write are collected, and removed.
    @Test func aWriterThatDiesLeavesItsSourcesInPlace() throws {
        let job = try run(
            small { $0.writersMax = 2 }, killing: Rank(1), at: .milliseconds(500))
        let kept = Set(
            rows(of: job).filter { $0.collected.writer == Rank(1) }
                .map(\.collected.source))
        #expect(kept.count > 1 && kept.count < 7)
        #expect(removed(job) == all.subtracting(kept))
    }

    /// Another rank that writes still gives its copies their names.
    @Test func withoutTheTrackerNothingIsRemoved() throws {
        let job = try run(
            small { $0.writersMax = 2 }, killing: .first, at: .milliseconds(500))
        let written = rows(of: job).filter { $0.collected.writer == Rank(1) }
        #expect(named(job).isSuperset(of: written.map(\.collected.source)))
        #expect(removed(job).isEmpty)
        #expect(job.branches.contains { $0.name == "heir" && $0.count > 0 })
    }

    // MARK: The rule about removal

    /// A job that is over, whose first source is collected and not removed.
    private func collected() throws -> (SimulatedJob, CollectedTable.Row) {
        let job = try run(small { $0.removal = .never })
        return (job, rows(of: job)[0])
    }

    private func remove(_ row: CollectedTable.Row, by rank: Rank, _ job: SimulatedJob) {
        job.network.state.removeSource(of: row.collected.content, by: rank)
    }

    @Test func aSourceWithACopyMayBeRemoved() throws {
        let (job, row) = try collected()
        remove(row, by: row.collected.source, job)
        #expect(job.violations.isEmpty)
    }

    @Test func aRemovalBeforeTheCopyHasItsNameIsAViolation() throws {
        let job = try #require(SimulatedJob(small()))
        job.network.state.watch = SafetyWatch(
            job.options, mischief: [Mischief](repeating: [], count: 8),
            disks: [DiskModel?](repeating: nil, count: 8))
        _ = job.run(until: .zero + .seconds(1))
        let row = rows(of: job)[0]
        #expect(!row.isNamed)
        remove(row, by: row.collected.source, job)
        #expect(job.violations == [.removedUncollected(by: row.collected.source)])
    }

    @Test func aRemovalByAnotherRankIsAViolation() throws {
        let (job, row) = try collected()
        remove(row, by: Rank(7), job)
        #expect(job.violations == [.removedUncollected(by: Rank(7))])
    }

    @Test(arguments: [true, false]) func aRemovalBesideAWrongCopyIsAViolation(
        isMissing: Bool
    ) throws {
        let (job, row) = try collected()
        let writer = Int(row.collected.writer.raw)
        let content = row.collected.content
        if isMissing {
            job.network.state.disks[writer].drop(PieceIndex(3), of: content)
        } else {
            job.network.state.disks[writer].keep(PieceIndex(3), of: content, version: 1)
        }
        remove(row, by: row.collected.source, job)
        #expect(job.violations == [.removedUncollected(by: row.collected.source)])
    }
}
