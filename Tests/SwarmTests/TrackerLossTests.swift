import Swarm
import Testing
import Vocabulary
import Wire

/// Pieces that died with their last holder are lost, and no others are.
struct TrackerLossTests {
    private static func lost(_ rank: Int32, missing: UInt32 = 3) -> Deed {
        .send(.swarmLost(Group.content, missing: missing), to: rank)
    }

    /// Ranks 2 and 3 want pieces that rank 1 took with it.
    private static func bereaved() throws -> Group {
        var group = try Group.running(3)
        try group.ask("a", from: 2)
        try group.ask("a", from: 3)
        try group.hear(.leave, from: 1)
        _ = group.drain()
        return group
    }

    @Test func piecesThatAllLackAreLostAfterALease() throws {
        var group = try Self.bereaved()
        try group.stall(from: 2)
        try group.pass(5, alive: 2, 3)
        try group.stall(from: 3)
        try group.pass(9, alive: 2, 3)
        #expect(group.drain() == [])
        try group.pass(1, alive: 2, 3)
        #expect(group.drain() == [Self.lost(2), Self.lost(3)])
        try group.pass(30, alive: 2, 3)
        #expect(group.drain() == [], "it is reported once")
    }

    /// It receives a piece over a slow link, and reports nothing meanwhile.
    @Test func aMemberThatHasFoundSomethingToFetchIsNotLost() throws {
        var group = try Self.bereaved()
        for rank in Int32(2)...3 { try group.stall(from: rank) }
        try group.pass(4, alive: 2, 3)
        try group.stall(from: 3, again: false)
        try group.pass(9, alive: 2, 3)
        #expect(group.drain() == [])
    }

    /// All members have reported their pieces, so nothing can change any more.
    @Test func piecesThatAllLackForCertainAreLostAtOnce() throws {
        var group = try Self.bereaved()
        try group.stall(isCertain: true, from: 2)
        #expect(group.drain() == [])
        try group.stall(isCertain: true, from: 3)
        #expect(group.drain() == [Self.lost(2), Self.lost(3)])
    }

    /// A member that lacks other pieces, or has not heard from all members, may still find
    /// something.
    @Test(arguments: [(1, false), (2, true)])
    func aDoubtfulStallWaitsForTheLease(fingerprint: UInt64, isCertain: Bool) throws {
        var group = try Self.bereaved()
        try group.stall(isCertain: true, from: 2)
        try group.stall(fingerprint, isCertain: isCertain, from: 3)
        #expect(group.drain() == [])
    }

    /// The member may hold pieces of an earlier run.
    @Test func aMemberThatHasNotBegunIsWaitedFor() throws {
        var group = try Group.running(3)
        try group.ask("a", from: 2)
        try group.hear(.leave, from: 1)
        _ = group.drain()
        try group.stall(isCertain: true, from: 2)
        #expect(group.drain() == [])
    }

    /// A stalled peer asks again with every refresh, which must not delay the loss for ever.
    @Test func repeatedRequestsDoNotDelayALoss() throws {
        var group = try Self.bereaved()
        for _ in 0..<10 {
            for rank: Int32 in 2...3 {
                try group.ask("a", from: rank)
                try group.stall(from: rank)
            }
            _ = group.drain()
            try group.pass(1, alive: 2, 3)
        }
        #expect(group.drain() == [Self.lost(2), Self.lost(3)])
    }

    @Test func nothingIsLostWhileASeedLives() throws {
        var group = try Group.running(3)
        for rank: Int32 in 2...3 {
            try group.ask("a", from: rank)
            try group.stall(from: rank, again: false)
        }
        _ = group.drain()
        try group.pass(60, alive: 1, 2, 3)
        #expect(group.drain() == [])
    }

    /// They were stalled once, and have found their missing pieces at each other. A peer that no
    /// longer reports a stall is not stalled.
    @Test func piecesUnderWayAreNotLost() throws {
        var group = try Self.bereaved()
        for rank: Int32 in 2...3 { try group.stall(from: rank, again: false) }
        try group.pass(60, alive: 2, 3)
        #expect(group.drain() == [])
    }

    /// A seed that sends wrong bytes, say: it has all pieces, and is of no use.
    @Test func piecesThatALivingSeedDoesNotDeliverAreLostInTheEnd() throws {
        var group = try Group.running(3)
        for second in 0..<30 {
            for rank: Int32 in 2...3 {
                try group.ask("a", from: rank)
                try group.stall(from: rank)
            }
            let swarms = group.drain()
            #expect(!swarms.contains(Self.lost(2)), "after \(second) s")
            try group.pass(1, alive: 1, 2, 3)
        }
        #expect(group.drain() == [Self.lost(2), Self.lost(3)])
    }

    @Test func nothingIsLostWhileOneStillMoves() throws {
        var group = try Self.bereaved()
        try group.stall(from: 2)
        try group.pass(60, alive: 2, 3)
        #expect(group.drain() == [])
        try group.stall(from: 3)
        try group.pass(9, alive: 2, 3)
        try group.hear(.peerUpdate(Group.content, held: 5), from: 3)
        try group.pass(20, alive: 2, 3)
        #expect(group.drain() == [])
    }

    @Test func aNewSeedEndsEveryStall() throws {
        var group = try Self.bereaved()
        try group.stall(from: 2)
        try group.stall(from: 3)
        try group.pass(9, alive: 2, 3)
        try group.hear(.fileCompleted(Group.content), from: 3)
        try group.hear(.peerUpdate(Group.content, held: 5), from: 2)
        try group.pass(20, alive: 2, 3)
        #expect(group.drain() == [])
        try group.hear(.leave, from: 3)
        #expect(group.drain() == [.send(.leaveAck, to: 3)])
        try group.stall(from: 2)
        try group.pass(9, alive: 2)
        #expect(group.drain() == [])
        try group.pass(1, alive: 2)
        #expect(group.drain() == [Self.lost(2)])
    }

    @Test func differentMissingPiecesAreLostAfterThreeLeases() throws {
        var group = try Self.bereaved()
        try group.stall(1, missing: 3, from: 2)
        try group.stall(2, missing: 4, from: 3)
        try group.pass(29, alive: 2, 3)
        #expect(group.drain() == [])
        try group.pass(1, alive: 2, 3)
        #expect(group.drain() == [Self.lost(2, missing: 3), Self.lost(3, missing: 4)])
    }

    @Test func aChangeOfMissingPiecesIsANewStall() throws {
        var group = try Self.bereaved()
        try group.stall(1, from: 2)
        try group.stall(2, from: 3)
        try group.pass(9, alive: 2, 3)
        try group.stall(1, from: 3)
        try group.pass(9, alive: 2, 3)
        #expect(group.drain() == [])
        try group.pass(1, alive: 2, 3)
        #expect(group.drain() == [Self.lost(2), Self.lost(3)])
    }

    /// A member whose disk failed never stalls; it would keep the others waiting for ever.
    @Test func aMemberThatWantsNothingMoreIsNotWaitedFor() throws {
        var group = try Self.bereaved()
        try group.stall(from: 2)
        try group.hear(.allFilesCompleted(delivered: 0, failed: 1), from: 3)
        try group.pass(10, alive: 2, 3)
        #expect(group.drain() == [Self.lost(2)])
    }

    /// Its lease ran out in between, so the tracker forgot that it is a member.
    @Test func aReturnedPeerThatStallsIsAMemberAgain() throws {
        var group = try Self.bereaved()
        try group.pass(10, alive: 3)
        try group.stall(from: 2)
        try group.stall(from: 3)
        _ = group.drain()
        try group.pass(10, alive: 2, 3)
        #expect(group.drain() == [Self.lost(3), Self.lost(2)])
    }

    @Test func theSilenceOfALostPeerIsNoReasonToWait() throws {
        var group = try Self.bereaved()
        try group.stall(from: 2)
        try group.pass(10, alive: 2)
        #expect(group.drain() == [.warn(.lost(Rank(3))), Self.lost(2)])
    }

    @Test func reportsOfUnknownContentsAreViolations() throws {
        var group = try Group.running(2)
        let unknown = ContentID(high: 9, low: 9)
        try group.hear(.peerUpdate(unknown, held: 1), from: 2)
        try group.hear(.fileCompleted(unknown), from: 2)
        try group.hear(.stalled(unknown, missing: 1, fingerprint: 1), from: 2)
        #expect(group.drain() == [])
        #expect(group.tracker.violations == 3)
    }
}
