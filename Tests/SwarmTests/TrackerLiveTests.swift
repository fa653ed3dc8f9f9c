import Swarm
import Testing
import Vocabulary
import Wire

/// Jobs in which peers come and go.
struct TrackerLiveTests {
    private static func live(_ peerCount: Int) -> Group {
        Group(peerCount) { $0.kind = .standing }
    }

    @Test func aPeerBeginsAsSoonAsItHasJoined() throws {
        var group = Self.live(3)
        try group.hear(.join, from: 2)
        #expect(group.drain() == [.send(.fileListRequest, to: 2)])
        try group.list([Group.owned("a", Group.content)], from: 2)
        #expect(group.drain() == [.send(.joinAck(peers: 3), to: 2)])
        try group.ask("b", from: 2)
        #expect(group.drain() == [.send(.swarmUnknown(want: WantNumber(0)), to: 2)])
    }

    @Test func aPeerThatLeftMayJoinAgain() throws {
        var group = Self.live(2)
        for _ in 0..<3 {
            try group.hear(.join, from: 1)
            try group.list([Group.owned("a", Group.content)], from: 1)
            #expect(
                group.drain() == [
                    .send(.fileListRequest, to: 1), .send(.joinAck(peers: 2), to: 1),
                ])
            try group.hear(.leave, from: 1)
            #expect(group.drain() == [.send(.leaveAck, to: 1)])
            #expect(group.stage(of: 1) == .closed)
        }
    }

    /// Its former wants say nothing about the new ones.
    @Test func aPeerThatJoinsAgainListsItsWantsAgain() throws {
        var group = Self.live(2)
        try group.list([Group.owned("a", Group.content)], from: 1)
        try group.list([Group.wanted("a")], from: 2)
        try group.hear(.allFilesCompleted(delivered: 1, failed: 0), from: 2)
        try group.hear(.leave, from: 2)
        try group.hear(.join, from: 2)
        try group.list([Group.wanted("a"), Group.wanted("b")], from: 2)
        #expect(group.stage(of: 2) == .joined)
        #expect(group.tracker.peers[1].wanted == 2)
    }

    @Test func theAccountOfTheFirstLifeIsClosed() throws {
        var group = Self.live(2)
        try group.list([Group.wanted("a")], from: 1)
        let failure = ReportEntry.failure(try RelativePath("a"), .unknown)
        try group.report([failure], from: 1)
        try group.hear(.leave, from: 1)
        #expect(group.tracker.peers[0].report.failures == [failure])
        try group.hear(.join, from: 1)
        #expect(group.tracker.peers[0].report.failures == [])
        #expect(!group.tracker.peers[0].listing.isComplete)
    }

    @Test func onlyAJoinBringsBackAPeerThatLeft() throws {
        var group = Self.live(2)
        try group.list([Group.owned("a", Group.content)], from: 1)
        try group.hear(.leave, from: 1)
        _ = group.drain()
        try group.hear(.alive, from: 1)
        try group.hear(.fileCompleted(Group.content), from: 1)
        try group.ask("a", from: 1)
        #expect(group.drain() == [])
        #expect(group.stage(of: 1) == .closed)
    }

    @Test func aPeerThatLeftABatchJobStaysOut() throws {
        var group = try Group.running(3)
        try group.hear(.leave, from: 2)
        try group.hear(.join, from: 2)
        #expect(group.drain() == [.send(.leaveAck, to: 2)])
        #expect(group.stage(of: 2) == .closed)
    }
}
