import Swarm
import Testing
import Vocabulary
import Wire

/// A tracker after the loss of a content's publisher, or of a reader, before all ranks have the
/// content.
struct TrackerTakeoverTests {
    /// Rank 1 publishes the source that it reads; ranks 2 and 3 have asked for it.
    static func group() throws -> Group {
        var group = try Group.running(3)
        try group.hear(.publishes(Group.content), from: 1)
        for rank in Int32(2)...3 { try group.ask("a", from: rank) }
        _ = group.drain()
        return group
    }

    /// The same, where rank 1 has described the content and has not all of it.
    private static func describing() throws -> Group {
        var group = Group(3)
        let described = FileListEntry.described(
            try RelativePath("a"), Group.content, size: ByteCount(100), pieces: 10,
            manifest: Descriptor(inline: [7]))
        try group.list([described, Group.wanted("a")], from: 1)
        for rank: Int32 in 2...3 { try group.list([Group.wanted("a")], from: rank) }
        for rank: Int32 in 1...3 { try group.ask("a", from: rank) }
        try group.hear(.publishes(Group.content), from: 1)
        _ = group.drain()
        return group
    }

    static func lost(_ missing: UInt32, to rank: Int32) -> Deed {
        .send(.swarmLost(Group.content, missing: missing), to: rank)
    }

    /// Rank 1 is silent until its lease is over, and the others are stalled for another one.
    private static func losePublisher(
        of group: inout Group, missing: [Int32: UInt32]
    ) throws -> [Deed] {
        for _ in 0..<12 {
            try group.pass(2, alive: 2, 3)
            for rank in missing.keys.sorted() {
                try group.stall(
                    UInt64(missing[rank] ?? 0), missing: missing[rank] ?? 0, from: rank)
            }
        }
        return group.drain()
    }

    /// The publisher may take long to digest its source.
    @Test func aCompleteMemberWaitsForALivingPublisher() throws {
        var group = try Self.group()
        for _ in 0..<100 {
            try group.pass(2, alive: 1, 2, 3)
            for rank in Int32(2)...3 { try group.stall(0, missing: 0, from: rank) }
        }
        // Each member is informed once which rank it waits for.
        let word = DownloadMessage.publisher(Group.content, Rank(1))
        #expect(group.drain() == [.send(word, to: 2), .send(word, to: 3)])
    }

    @Test func aCompleteMemberTakesOver() throws {
        var group = try Self.group()
        let deeds = try Self.losePublisher(of: &group, missing: [2: 0, 3: 0])
        let word = DownloadMessage.publisher(Group.content, Rank(2))
        #expect(deeds.filter { $0 == .send(word, to: 2) }.count == 1)
        #expect(deeds.filter { $0 == .send(word, to: 3) }.count == 1)
        #expect(!deeds.contains(Self.lost(0, to: 3)))
    }

    /// The disk of rank 1 is full, and it reads only a part of what it publishes.
    @Test(arguments: [Int32(1), 3])
    func aPublisherThatCannotPublishIsReplaced(resigning: Int32) throws {
        var group = try Self.describing()
        try group.hear(.gaveUp(Group.content), from: 1)
        try group.hear(.cannotPublish(Group.content), from: resigning)
        for _ in 0..<12 {
            try group.pass(2, alive: 1, 2, 3)
            for rank in Int32(2)...3 { try group.stall(0, missing: 0, from: rank) }
        }
        let deeds = group.drain()
        let word = DownloadMessage.publisher(Group.content, Rank(2))
        for rank in Int32(2)...3 {
            #expect(deeds.contains(.send(word, to: rank)) == (resigning == 1))
        }
    }

    @Test func aPublisherThatHasSealedRemainsOne() throws {
        var group = try Self.describing()
        try group.hear(.seal(Group.content), tail: [1, 2, 3], from: 1)
        try group.hear(.cannotPublish(Group.content), from: 1)
        _ = group.drain()
        for _ in 0..<12 {
            try group.pass(2, alive: 1, 2, 3)
            try group.stall(0, missing: 0, from: 2)
        }
        #expect(!group.drain().contains(.send(.publisher(Group.content, Rank(2)), to: 2)))
    }

    @Test func aSealedContentNeedsNoPublisher() throws {
        var group = try Self.group()
        try group.hear(.seal(Group.content), tail: [1, 2, 3], from: 1)
        _ = group.drain()
        let deeds = try Self.losePublisher(of: &group, missing: [2: 3, 3: 3])
        #expect(deeds.contains(Self.lost(3, to: 2)) && deeds.contains(Self.lost(3, to: 3)))
    }

    /// Rank 2 has every piece and waits for the table, and seeds know it.
    private static func sealed(seeds: ClosedRange<Int32>) throws -> Group {
        var group = try Group.running(4)
        try group.hear(.publishes(Group.content), from: 1)
        for rank in Int32(2)...4 { try group.ask("a", from: rank) }
        try group.hear(.seal(Group.content), tail: [1, 2, 3], from: 1)
        for rank in seeds { try group.hear(.fileCompleted(Group.content), from: rank) }
        try group.hear(.leave, from: 1)
        _ = group.drain()
        try group.stall(0, missing: 0, from: 2)
        try group.pass(1, alive: 2, 3, 4)
        return group
    }

    @Test func aSeedIsAskedForTheTableOfAPublisherThatIsGone() throws {
        var group = try Self.sealed(seeds: 3...3)
        let word = DownloadMessage.publisher(Group.content, Rank(3))
        #expect(group.drain().filter { $0 == .send(word, to: 3) }.count == 1)
        try group.hear(.seal(Group.content), tail: [1, 2, 3], from: 3)
        let deeds = group.drain()
        #expect(deeds.contains(.send(word, to: 2)) && deeds.contains(.send(word, to: 4)))
        // The next member that waits for it is informed too.
        try group.hear(.leave, from: 3)
        try group.hear(.fileCompleted(Group.content), from: 4)
        try group.stall(0, missing: 0, from: 2)
        try group.pass(4, alive: 2, 4)
        let next = DownloadMessage.publisher(Group.content, Rank(4))
        #expect(group.drain().contains(.send(next, to: 4)))
    }

    /// The first seed's pieces were in place, and differ from the publisher's.
    @Test func theNextSeedIsAskedIfOneDoesNotAnswer() throws {
        var group = try Self.sealed(seeds: 3...4)
        for _ in 0..<5 { try group.pass(1, alive: 2, 3, 4) }
        let asked = group.drain().filter { deed in
            if case .send(.download(.publisher), _, _) = deed { true } else { false }
        }
        #expect(
            asked == [
                .send(.publisher(Group.content, Rank(3)), to: 3),
                .send(.publisher(Group.content, Rank(4)), to: 4),
            ])
    }

    /// Their pieces in place were trusted and not digested.
    @Test func ranksThatWaitForTheTableAreAskedLast() throws {
        var group = try Group.running(4)
        try group.hear(.publishes(Group.content), from: 1)
        for rank in Int32(2)...4 { try group.ask("a", from: rank) }
        try group.hear(.seal(Group.content), tail: [1, 2, 3], from: 1)
        try group.hear(.leave, from: 1)
        _ = group.drain()
        for _ in 0..<5 {
            for rank in Int32(2)...3 { try group.stall(0, missing: 0, from: rank) }
            try group.pass(3, alive: 2, 3, 4)
        }
        let deeds = group.drain()
        for rank in Int32(2)...3 {
            #expect(deeds.contains(.send(.publisher(Group.content, Rank(rank)), to: rank)))
        }
        #expect(!deeds.contains(.send(.publisher(Group.content, Rank(4)), to: 4)))
    }

    @Test func aRankThatSeesTheSourceReadsTheRest() throws {
        var group = try Self.group()
        try group.hear(.standsBy(Group.content), from: 3)
        let deeds = try Self.losePublisher(of: &group, missing: [2: 3, 3: 3])
        #expect(deeds.contains(.send(.readRest(Group.content), to: 3)))
        #expect(!deeds.contains(Self.lost(3, to: 2)) && !deeds.contains(Self.lost(3, to: 3)))
    }

    /// Rank 2 read a part of the source and cannot read it back for others. It has all pieces and
    /// waits for the seal, which the publisher cannot give without that part.
    @Test func aReaderThatCannotServeDoesNotKeepTheOthersWaiting() throws {
        var group = try Self.describing()
        try group.hear(.standsBy(Group.content), from: 1)
        _ = group.drain()
        for _ in 0..<3 {
            for rank: Int32 in [1, 3] { try group.stall(3, missing: 3, from: rank) }
            try group.stall(0, missing: 0, from: 2)
            try group.pass(2, alive: 1, 2, 3)
        }
        #expect(group.drain().contains(.send(.readRest(Group.content), to: 1)))
    }

    /// No member has the pieces that all lack, so the tracker need not wait as long as for a loss.
    /// Members that lack different pieces may only not have met yet.
    @Test(arguments: [true, false])
    func aReaderIsAskedSoonIfNoOtherRankHelps(lacksTheSame: Bool) throws {
        var group = try Self.group()
        try group.hear(.standsBy(Group.content), from: 3)
        try group.hear(.leave, from: 1)
        _ = group.drain()
        for _ in 0..<2 {
            for rank in Int32(2)...3 {
                try group.stall(lacksTheSame ? 3 : UInt64(rank), missing: 3, from: rank)
            }
            try group.pass(2, alive: 2, 3)
        }
        #expect(group.drain().contains(.send(.readRest(Group.content), to: 3)) == lacksTheSame)
    }

    /// The rank keeps no copy and waits for nothing.
    @Test func aReaderWithoutACopyReadsTheWholeSource() throws {
        var group = try Self.group()
        try group.hear(.standsBy(Group.content), from: 3)
        try group.hear(.gaveUp(Group.content), from: 3)
        let deeds = try Self.losePublisher(of: &group, missing: [2: 3])
        #expect(deeds.contains(.send(.readRest(Group.content), to: 3)))
        #expect(!deeds.contains(Self.lost(3, to: 2)))
    }

    /// It is a seed now, but a seed does not have the table that the others wait for.
    @Test(arguments: [0, 3])
    func aMemberTakesOverFromAPublisherWhoseSourceAnotherRankRead(missing: UInt32) throws {
        var group = try Self.group()
        try group.hear(.standsBy(Group.content), from: 3)
        try group.hear(.gaveUp(Group.content), from: 3)
        try group.hear(.leave, from: 1)
        try group.hear(.fileCompleted(Group.content), from: 3)
        _ = group.drain()
        for _ in 0..<2 {
            try group.stall(UInt64(missing), missing: missing, from: 2)
            try group.pass(2, alive: 2, 3)
        }
        let word = DownloadMessage.publisher(Group.content, Rank(2))
        #expect(group.drain().contains(.send(word, to: 2)) == (missing == 0))
    }

    /// A rank that cannot read after all does not keep the others waiting for ever.
    @Test func aReaderIsAskedInVainAtMostThreeTimes() throws {
        var group = try Self.group()
        try group.hear(.standsBy(Group.content), from: 3)
        var deeds: [Deed] = []
        for _ in 0..<8 { deeds += try Self.losePublisher(of: &group, missing: [2: 3, 3: 3]) }
        #expect(deeds.filter { $0 == .send(.readRest(Group.content), to: 3) }.count == 3)
        #expect(deeds.contains(Self.lost(3, to: 2)) && deeds.contains(Self.lost(3, to: 3)))
    }

    @Test func theFirstPublisherCounts() throws {
        var group = try Self.group()
        try group.hear(.publishes(Group.content), from: 3)
        try group.hear(.publishes(ContentID(high: 9, low: 9)), from: 3)
        let deeds = try Self.losePublisher(of: &group, missing: [2: 0, 3: 0])
        #expect(deeds.contains(.send(.publisher(Group.content, Rank(2)), to: 2)))
    }

    /// The death is known for certain, so no other rank has to stall first; the report of the stall
    /// may come before the news of the death.
    @Test(arguments: [true, false])
    func aDeadPublisherIsReplacedAtOnce(stallComesFirst: Bool) throws {
        var group = try Self.group()
        if stallComesFirst { try group.stall(0, missing: 0, from: 2) }
        #expect(!group.drain().contains(.send(.publisher(Group.content, Rank(2)), to: 2)))
        group.die(1)
        if !stallComesFirst { try group.stall(0, missing: 0, from: 2) }
        let deeds = group.drain()
        for rank: Int32 in [2, 3] {
            #expect(deeds.contains(.send(.publisher(Group.content, Rank(2)), to: rank)))
        }
    }

    /// A rank that lacks pieces cannot publish them.
    @Test func aDeadPublisherIsNotReplacedByARankThatLacksPieces() throws {
        var group = try Self.group()
        group.die(1)
        try group.stall(7, missing: 1, from: 2)
        #expect(!group.drain().contains(.send(.publisher(Group.content, Rank(2)), to: 2)))
    }
}
