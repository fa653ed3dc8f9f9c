import Swarm
import Testing
import Vocabulary
import Wire

/// Late joins, silence, returns, and messages that do not belong.
struct TrackerLeaseTests {
    @Test func repeatedJoinsAndListsChangeNothing() throws {
        var group = Group(2)
        try group.hear(.join, from: 1)
        try group.hear(.join, from: 1)
        #expect(
            group.drain() == [.send(.fileListRequest, to: 1), .send(.fileListRequest, to: 1)])
        for _ in 0..<2 { try group.list([Group.wanted("a")], from: 1) }
        #expect(group.tracker.peers[0].wanted == 1)
        try group.hear(.join, from: 1)
        #expect(group.drain() == [])
        try group.list([], from: 2)
        _ = group.drain()
        try group.hear(.join, from: 1)
        #expect(group.drain() == [.send(.joinAck(peers: 2), to: 1)])
    }

    @Test func aPeerThatNeverJoinsIsLostAndTheOthersGoOn() throws {
        var group = Group(2)
        try group.list([Group.wanted("a")], from: 1)
        try group.pass(9, alive: 1)
        #expect(group.drain() == [])
        try group.pass(1, alive: 1)
        #expect(group.drain() == [.warn(.lost(Rank(2))), .send(.joinAck(peers: 2), to: 1)])
        #expect(group.tracker.peers[1].isLoss)
        try group.ask("a", from: 1)
        #expect(group.drain() == [.send(.swarmUnknown(want: WantNumber(0)), to: 1)])
        try group.hear(.allFilesCompleted(delivered: 0, failed: 1), from: 1)
        #expect(group.drain() == [.terminate(1)])
        try group.report(from: 1)
        #expect(group.drain() == [.over])
    }

    @Test func aLatePeerIsAdmitted() throws {
        var group = Group(2)
        try group.list([Group.wanted("a")], from: 1)
        try group.pass(10, alive: 1)
        _ = group.drain()
        try group.hear(.join, from: 2)
        #expect(group.drain() == [.warn(.returned(Rank(2))), .send(.fileListRequest, to: 2)])
        try group.list([Group.owned("a", Group.content)], from: 2)
        #expect(group.drain() == [.send(.joinAck(peers: 2), to: 2)])
        try group.ask("a", from: 1)
        #expect(group.drain().count == 1)
        #expect(!group.tracker.peers[1].isLoss)
    }

    @Test(arguments: [
        TrackerMessage.join, .alive, .prepared(.ready), .catalogRequest(from: 0),
        .peerUpdate(Group.content, held: 1), .fileCompleted(Group.content),
        .stalled(Group.content, missing: 1, fingerprint: 1), .seal(Group.content),
        .fileListUpdate(page: 0, entries: 0, isLast: true),
        .report(page: 0, entries: 0, isLast: true, isFinal: false),
    ])
    func anyMessageRenewsALease(message: TrackerMessage) throws {
        var group = try Group.running(2)
        try group.pass(9, alive: 1)
        try group.hear(message, tail: message == .seal(Group.content) ? [1] : [], from: 2)
        try group.pass(9, alive: 1)
        #expect(group.stage(of: 2) == .joined)
        try group.pass(1, alive: 1)
        #expect(group.stage(of: 2) == .lost)
    }

    @Test func aLostPeerLeavesEverySwarmAndReturnsWithItsList() throws {
        var group = try Group.running(2)
        try group.pass(10, alive: 2)
        #expect(group.drain() == [.warn(.lost(Rank(1)))])
        try group.ask("a", from: 2)
        #expect(group.drain() == [.send(.swarmUnknown(want: WantNumber(0)), to: 2)])
        try group.hear(.alive, from: 1)
        #expect(group.drain() == [.warn(.returned(Rank(1))), .send(.fileListRequest, to: 1)])
        try group.list([Group.owned("a", Group.content)], from: 1)
        #expect(group.drain() == [.send(.joinAck(peers: 2), to: 1)])
        try group.ask("a", from: 2)
        let members = DownloadMessage.swarm(Group.content, want: WantNumber(0), seeds: 1, peers: 0)
        #expect(group.drain() == [.send(members, to: 2, tail: [1, 0, 0, 0, 0, 7])])
    }

    /// It need not report it again for the job to end.
    @Test func aFinishedPeerThatReturnsIsFinished() throws {
        var group = try Group.running(2)
        try group.hear(.allFilesCompleted(delivered: 0, failed: 0), from: 1)
        try group.pass(10, alive: 2)
        try group.list([Group.owned("a", Group.content)], from: 1)
        #expect(group.stage(of: 1) == .finished)
        try group.hear(.allFilesCompleted(delivered: 1, failed: 0), from: 2)
        #expect(group.tracker.stage == .closing)
    }

    @Test func theRestOfAForgottenListIsIgnored() throws {
        var group = Group(2)
        try group.list([Group.owned("a", Group.content)], isLast: false, from: 1)
        try group.pass(10, alive: 2)
        try group.list([Group.wanted("b")], page: 1, from: 1)
        #expect(group.stage(of: 1) == .listing)
        try group.list([Group.owned("a", Group.content)], isLast: false, from: 1)
        try group.list([Group.wanted("b")], page: 1, from: 1)
        #expect(group.stage(of: 1) == .listed)
        #expect(group.tracker.peers[0].wanted == 1)
    }

    @Test func aRankThatReturnsAtTheEndIsTerminated() throws {
        var group = try Group.running(3)
        try group.pass(10, alive: 1, 2)
        for rank: Int32 in 1...2 {
            try group.hear(.allFilesCompleted(delivered: 0, failed: 0), from: rank)
        }
        _ = group.drain()
        try group.hear(.join, from: 3)
        #expect(group.drain() == [.warn(.returned(Rank(3))), .terminate(3)])
        for rank: Int32 in 1...2 { try group.report(from: rank) }
        #expect(group.drain() == [])
        try group.pass(10)
        #expect(group.drain() == [.warn(.lost(Rank(3))), .over])
        try group.hear(.alive, from: 3)
        #expect(group.drain() == [.warn(.returned(Rank(3))), .terminate(3)])
        #expect(group.tracker.stage == .over)
    }

    @Test func aRankThatLeavesIsInNoSwarmAndStaysOut() throws {
        var group = try Group.running(2)
        try group.hear(.leave, from: 1)
        #expect(group.drain() == [.send(.leaveAck, to: 1)])
        try group.hear(.fileCompleted(Group.content), from: 1)
        try group.ask("a", from: 1)
        #expect(group.drain() == [])
        try group.hear(.leave, from: 1)
        #expect(group.drain() == [.send(.leaveAck, to: 1)])
        try group.ask("a", from: 2)
        #expect(group.drain() == [.send(.swarmUnknown(want: WantNumber(0)), to: 2)])
    }

    @Test(arguments: [Int32(0), 4, 6, 7, .max])
    func aRankOfAnotherGroupIsRefused(rank: Int32) {
        var group = Group(1, first: 5)
        #expect(throws: WireError.malformed) { try group.hear(.join, from: rank) }
        #expect(group.drain() == [])
    }

    @Test func theBadInputOfTheLowestRankEndsTheJob() throws {
        var group = Group(3)
        try group.hear(.prepared(.badInput), tail: Array("three".utf8), from: 3)
        #expect(group.tracker.refusal?.rank == Rank(3))
        #expect(group.alarms.last == .zero + .seconds(1))
        group.jump(.milliseconds(500))
        try group.hear(.prepared(.badInput), tail: Array("two".utf8), from: 2)
        #expect(group.drain() == [])
        group.jump(.milliseconds(499))
        group.wake()
        #expect(group.drain() == [])
        group.jump(.milliseconds(1))
        group.wake()
        #expect(group.drain() == [.terminate(1), .terminate(2), .terminate(3)])
        #expect(group.tracker.refusal?.refusal == "two")
        for rank: Int32 in 1...3 { try group.report(from: rank) }
        #expect(group.drain() == [.over])
    }

    @Test func badInputIsNotHeldBackOnceAllHaveReported() throws {
        var group = Group(2)
        try group.list([], from: 1)
        try group.hear(.prepared(.badInput), tail: Array("no".utf8), from: 2)
        #expect(group.drain() == [.terminate(1), .terminate(2)])
    }

    @Test func badInputWithoutItsReasonIsRefused() {
        var group = Group(2)
        #expect(throws: WireError.malformed) { try group.hear(.prepared(.badInput), from: 2) }
        #expect(group.tracker.stage == .gathering)
    }

    @Test func aBadDiskFailsItsRankAlone() throws {
        var group = Group(1)
        try group.hear(.prepared(.notReady), tail: Array("full".utf8), from: 1)
        #expect(group.tracker.refusal == nil)
        try group.list([Group.wanted("a")], from: 1)
        #expect(group.drain() == [.send(.joinAck(peers: 1), to: 1)])
    }
}
