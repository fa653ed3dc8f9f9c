import Testing
import Vocabulary
import Wire

@testable import Swarm

/// When the source of a rank may be removed. Rank 1 writes; ranks 2 and 3 are the sources.
struct TrackerCollectTests {
    private static let contents = (0..<4).map { ContentID(high: 7, low: UInt64($0)) }

    private func group(
        listsSources: Bool = false, change: (inout TrackerRules) -> Void = { _ in }
    ) throws -> Group {
        var group = Group(3) {
            $0.kind = .staged
            $0.collected = [2, 3].map {
                CollectedContent(Self.contents[$0], of: Rank(Int32($0)), by: Rank(1))
            }
            $0.removal = .forEach
            change(&$0)
        }
        for rank: Int32 in 1...3 {
            var list = [try Group.wanted("a")]
            if listsSources, rank > 1 {
                list.append(try Group.owned("\(rank)", Self.contents[Int(rank)]))
            }
            try group.list(list, from: rank)
        }
        _ = group.drain()
        return group
    }

    private func finish(_ group: inout Group, _ ranks: Int32...) throws {
        for rank in ranks {
            try group.hear(.allFilesCompleted(delivered: 1, failed: 0), from: rank)
        }
    }

    @Test func aSourceIsRemovedOnceItsCopyHasItsNames() throws {
        var group = try group()
        try group.hear(.named(Self.contents[2]), from: 1)
        try group.hear(.named(Self.contents[2]), from: 1)
        #expect(group.drain() == [], "the job goes on")
        try finish(&group, 1, 2, 3)
        #expect(group.drain() == [.terminate(1), .collected(2), .terminate(3)])
        #expect(group.tracker.violations == 0)
    }

    /// All digests agree then, but the files have no names yet.
    @Test func aCompletedCopyIsNotEnough() throws {
        var group = try group()
        try group.hear(.fileCompleted(Self.contents[2]), from: 1)
        try finish(&group, 1, 2, 3)
        #expect(group.drain() == [.terminate(1), .terminate(2), .terminate(3)])
    }

    @Test func onlyTheRankThatWritesDecides() throws {
        var group = try group()
        try group.hear(.named(Self.contents[2]), from: 2)
        try group.hear(.named(Self.contents[1]), from: 1)
        try group.hear(.named(Self.contents[3]), from: 2)
        #expect(group.tracker.violations == 3)
        try finish(&group, 1, 2, 3)
        #expect(group.drain() == [.terminate(1), .terminate(2), .terminate(3)])
    }

    @Test func nothingIsRemovedIfTheWriterIsLost() throws {
        var group = try group()
        try group.hear(.named(Self.contents[2]), from: 1)
        try group.hear(.named(Self.contents[3]), from: 1)
        group.die(1)
        _ = group.drain()
        try finish(&group, 2, 3)
        #expect(group.drain() == [.terminate(2), .terminate(3)])
    }

    /// Rank 1 took the place of a publisher that was lost: its copy may have pieces of an earlier
    /// version of the source. Then the rank of the source is back.
    @Test(arguments: [[1, 2, 3], [4, 5, 6], nil] as [[UInt8]?])
    func aSourceStaysUnlessItsOwnRankHasDigestedTheSame(own: [UInt8]?) throws {
        var group = try group(listsSources: true)
        try group.hear(.seal(Self.contents[3]), tail: [7], from: 3)
        try group.hear(.seal(Self.contents[2]), tail: [1, 2, 3], from: 1)
        if let own { try group.hear(.seal(Self.contents[2]), tail: own, from: 2) }
        for content in Self.contents[2...3] { try group.hear(.named(content), from: 1) }
        try finish(&group, 1, 2, 3)
        let end = own == [1, 2, 3] ? Deed.collected(2) : .terminate(2)
        #expect(group.drain().suffix(3) == [.terminate(1), end, .collected(3)])
        #expect(group.tracker.contradictedSources == (own == [4, 5, 6] ? [Rank(2)] : []))
    }

    /// A rank that has the same digests only repeats them.
    @Test func theDigestsOfTheSourcesRankCountWhoeverRepeatsThem() throws {
        var group = try group(listsSources: true)
        for rank: Int32 in [2, 1] {
            try group.hear(.seal(Self.contents[2]), tail: [1, 2, 3], from: rank)
        }
        try group.hear(.named(Self.contents[2]), from: 1)
        try finish(&group, 1, 2, 3)
        #expect(group.drain().suffix(3) == [.terminate(1), .collected(2), .terminate(3)])
        #expect(group.tracker.contradictedSources.isEmpty)
    }

    /// The table of another rank says nothing about a source, even if the user keeps all sources.
    @Test(arguments: [2, 3] as [Int32]) func onlyItsOwnRankKnowsASource(sealer: Int32) throws {
        var group = try group(listsSources: true) { $0.removal = .never }
        try group.hear(.seal(Self.contents[2]), tail: [1, 2, 3], from: 1)
        try group.hear(.seal(Self.contents[2]), tail: [4, 5, 6], from: sealer)
        #expect(group.tracker.contradictedSources == (sealer == 2 ? [Rank(2)] : []))
    }

    /// Otherwise the command that is to follow would not find them.
    @Test(arguments: [true, false]) func withACommandAllOrNoneAreRemoved(areAll: Bool) throws {
        var group = try group { $0.removal = .together }
        try group.hear(.named(Self.contents[2]), from: 1)
        if areAll { try group.hear(.named(Self.contents[3]), from: 1) }
        try finish(&group, 1, 2, 3)
        let ends = areAll ? [Deed.collected(2), .collected(3)] : [.terminate(2), .terminate(3)]
        #expect(group.drain() == [.terminate(1)] + ends)
    }

    @Test func sourcesStayUnlessTheUserWantsOtherwise() throws {
        var group = try group { $0.removal = .never }
        try group.hear(.named(Self.contents[2]), from: 1)
        try finish(&group, 1, 2, 3)
        #expect(group.drain() == [.terminate(1), .terminate(2), .terminate(3)])
    }

    /// The rank that writes has reported all of its names when it has finished.
    @Test func theEndOfTheTimeRemovesNothingThatIsNotNamed() throws {
        var group = try group()
        try group.hear(.named(Self.contents[3]), from: 1)
        group.giveUp()
        #expect(group.drain() == [.terminate(1), .terminate(2), .collected(3)])
    }

    /// A rank that was cut off when the others ended.
    @Test func aSourceThatIsBackAtTheEndIsRemovedToo() throws {
        var group = try group()
        try group.hear(.named(Self.contents[2]), from: 1)
        try finish(&group, 1, 3)
        _ = group.drain()
        try group.pass(11, alive: 1, 3)
        #expect(group.drain().suffix(2) == [.terminate(1), .terminate(3)])
        try group.hear(.alive, from: 2)
        #expect(group.drain().contains(.collected(2)))
    }

    /// It knows nothing of what was to be collected.
    @Test func anHeirRemovesNothing() throws {
        var group = try group { $0.inheritance = Inheritance(lost: [], dead: []) }
        try group.hear(.named(Self.contents[2]), from: 1)
        #expect(group.tracker.violations == 0)
        try finish(&group, 1, 2, 3)
        #expect(!group.drain().contains(.collected(2)))
    }

    @Test func otherJobsEndAsBefore() throws {
        var group = try group { $0.collected = [] }
        try group.hear(.named(Self.contents[2]), from: 1)
        #expect(group.tracker.violations == 1)
        try finish(&group, 1, 2, 3)
        #expect(group.drain() == [.terminate(1), .terminate(2), .terminate(3)])
    }
}
