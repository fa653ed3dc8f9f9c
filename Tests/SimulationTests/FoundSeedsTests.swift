import Node
import Swarm
import Testing
import Vocabulary

@testable import Simulation

/// Jobs of campaigns that once failed.
@Suite struct FoundSeedsTests {
    @discardableResult
    private static func run(_ seed: UInt64, collects: Bool = false) throws -> SimulatedJob {
        var options = SimulationOptions()
        options.pieceLength = 1 << 20
        options.faults = .all
        var drawn = CampaignShape.Drawn.all
        if collects {
            options.kind = .staged
            options.collected = CollectedOptions()
            drawn.subtract(.kind)
        }
        let shape = CampaignShape(options, drawn: drawn)
        let job = try #require(SimulatedJob(shape.options(of: seed)))
        _ = job.run()
        #expect(job.outcome.isComplete)
        #expect(job.violations.isEmpty)
        return job
    }

    /// Rank 0 stands still while it plans the job.
    @Test(arguments: [10701, 13591, 18974] as [UInt64])
    func aPlannerThatStoodStillWaitsForTheOthers(seed: UInt64) throws { try Self.run(seed) }

    /// The publisher dies, and all copies have wrong pieces of a rank that lied.
    @Test(arguments: [8265, 19151] as [UInt64])
    func ranksThatTakeOverCompareWithTheSource(seed: UInt64) throws { try Self.run(seed) }

    /// The seal comes while a store waits for room.
    @Test(arguments: [13818, 15105, 17672, 18307, 19091] as [UInt64])
    func aSealThatComesEarlyIsKept(seed: UInt64) throws { try Self.run(seed) }

    /// A rank that all others have complained of is not the one whose table they get.
    @Test(arguments: [13317, 15576] as [UInt64])
    func aGarblerIsNoHeir(seed: UInt64) throws { try Self.run(seed) }

    /// A rank receives a piece for most of a lease.
    @Test(arguments: [11584, 15086] as [UInt64])
    func aSlowLinkIsNoLoss(seed: UInt64) throws { try Self.run(seed) }

    /// A rank has dropped a piece in the middle of the table of a publisher that then dies.
    @Test(arguments: [15889] as [UInt64])
    func theRestOfATableComesFromTheNewPublisher(seed: UInt64) throws { try Self.run(seed) }

    /// All trackers die, and all but one are known to be dead.
    @Test(arguments: [13346] as [UInt64])
    func ranksOfAllGroupsTurnToTheHeir(seed: UInt64) throws { try Self.run(seed) }

    /// A rank whose messages make no sense to most others asks one after another for a piece. The
    /// rest have stalled, and the heir has another source.
    @Test(arguments: [7979] as [UInt64])
    func aRankThatNobodyUnderstandsHoldsUpNoRescue(seed: UInt64) throws { try Self.run(seed) }

    /// The publisher has sealed its table, and its messages make no sense to a member that waits.
    @Test(arguments: [8656] as [UInt64])
    func aTableComesFromAnotherRankThanAnAccusedPublisher(seed: UInt64) throws {
        try Self.run(seed)
    }

    /// A message with a part of the publisher's table was spoilt on its way to one rank, which then
    /// finds a piece of each honest rank wrong.
    @Test(arguments: [10744] as [UInt64])
    func aSpoiltTableIsNoProofAgainstHonestRanks(seed: UInt64) throws { try Self.run(seed) }

    /// The rank of a source stands still, and the rank that writes takes its place, with pieces of
    /// an earlier version of that source.
    @Test(arguments: [12419] as [UInt64])
    func aSourceIsKeptIfOnlyAnotherRankHasSealedIt(seed: UInt64) throws {
        let job = try Self.run(seed)
        let tracker = try #require(job.trackers[0])
        #expect(tracker.node.machine.contradictedSources == [Rank(2)])
    }

    /// The publisher has sealed its table, and dies while a rank with wrong pieces compares.
    @Test(arguments: [20597] as [UInt64])
    func theRestOfAFinalTableComesFromAnyRank(seed: UInt64) throws { try Self.run(seed) }

    /// A rank that takes over seals outdated pieces that no other rank has, and one that trusts its
    /// own pieces in place has a copy of another version.
    @Test(arguments: [22094] as [UInt64])
    func aCopyOfAnotherVersionIsNotWhatWasLost(seed: UInt64) throws { try Self.run(seed) }

    /// The publisher seals a piece as a disk has spoilt it, and dies. No other rank has these
    /// bytes.
    @Test(arguments: [27770] as [UInt64])
    func whatNoRankCanSendNeedNotArrive(seed: UInt64) throws { try Self.run(seed) }

    /// Both ranks with parts of a described file die. Copies in place prove nothing.
    @Test(arguments: [12471] as [UInt64])
    func aFragmentInPlaceIsNotWhatWasLost(seed: UInt64) throws { try Self.run(seed) }

    /// The link of the rank that writes is slow, and a source waits for its turn for most of a
    /// minute.
    @Test(arguments: [916, 4181] as [UInt64])
    func aSourceThatWaitsForItsTurnIsNoLoss(seed: UInt64) throws {
        try Self.run(seed, collects: true)
    }
}
