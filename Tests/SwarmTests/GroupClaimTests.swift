import Testing
import Vocabulary
import Wire

@testable import Swarm

/// Knowledge of a lost tracker, and help that only another group can give.
struct GroupClaimTests {
    /// Peer 1 owns the content that the two others want; each has a tracker of its own.
    private static func job() throws -> Federation {
        var job = Federation(.full(3), peers: 3)
        try job.list([Group.owned("a", Group.content)], from: 1)
        for number in 2...3 { try job.list([Group.wanted("a")], from: number) }
        try job.settle()
        return job
    }

    /// Its new tracker does not know the content.
    @Test func aSeedThatChangesItsTrackerIsFoundThere() throws {
        var job = try Self.job()
        try job.ask("a", from: 2)
        try job.settle()
        try job.hear(.fileCompleted(Group.content), from: 2)
        job.dead = [1]
        try job.pass(12, alive: [1, 3])
        try job.hear(.join, from: 2, at: 2)
        try job.list([Group.wanted("a")], from: 2, at: 2)
        try job.hear(.fileCompleted(Group.content), from: 2, at: 2)
        try job.settle()
        _ = job.said()
        try job.ask("a", from: 3)
        try job.settle()
        let told = try #require(try job.told(3))
        #expect(told.members == [job.peer(1), job.peer(2)])
        #expect(job.trackers[2].violations == 0)
    }

    /// The publisher dies. Peer 3 can read the missing pieces, and its tracker asks it to, even if
    /// no peer of that group waits for them.
    @Test(arguments: [true, false])
    func aReaderInAnotherGroupAvertsALoss(keepsACopy: Bool) throws {
        var job = try Self.job()
        try job.hear(.publishes(Group.content), from: 1)
        for number in 2...3 { try job.ask("a", from: number) }
        try job.settle()
        try job.hear(.standsBy(Group.content), from: 3)
        if !keepsACopy { try job.hear(.gaveUp(Group.content), from: 3) }
        _ = job.said()
        for _ in 0..<16 {
            try job.pass(2, alive: [2, 3])
            for number in keepsACopy ? 2...3 : 2...2 {
                try job.hear(
                    .swarmRequest(
                        Group.content, want: WantNumber(0), by: .content, needsManifest: false),
                    from: number)
                try job.hear(
                    .stalled(Group.content, missing: 3, fingerprint: 7), from: number)
            }
            try job.settle()
        }
        let said = job.said()
        let asked = said.filter {
            $0.message == .readRest(Group.content) && $0.to == job.peer(3)
        }
        #expect((1...3).contains(asked.count))
        #expect(
            !said.contains { if case .swarmLost = $0.message { true } else { false } })
    }

    /// Otherwise a peer that was answered first, with no members, would never greet later ones.
    @Test func aPeerThatWasAnsweredLearnsOfLaterWanters() throws {
        var job = Federation(.full(3), peers: 3)
        try job.list([Group.owned("a", Group.content), Group.wanted("a")], from: 1)
        for number in 2...3 { try job.list([Group.wanted("a")], from: number) }
        try job.settle()
        _ = job.said()
        try job.ask("a", from: 1)
        #expect(try job.told(1)?.members == [])
        try job.settle()
        #expect(try job.told(1)?.members == [job.peer(2), job.peer(3)])
    }

    /// No peer of the group has asked for it for so long that the answers of the others are
    /// forgotten.
    @Test func aForgottenContentIsQueriedAgain() throws {
        var job = Federation(.full(2), peers: 4)
        for number in 1...2 { try job.list([Group.owned("a", Group.content)], from: number) }
        for number in 3...4 { try job.list([Group.wanted("a")], from: number) }
        try job.settle()
        try job.ask("a", from: 3)
        try job.settle()
        try job.hear(.leave, from: 3)
        try job.pass(40, alive: [1, 2, 4])
        _ = job.said()
        try job.ask("a", from: 4)
        try job.settle()
        let said = job.said().map(\.message)
        #expect(!said.contains { if case .swarmUnknown = $0 { true } else { false } })
        #expect(said.contains { if case .swarm = $0 { true } else { false } })
    }

    /// Its tracker is killed before any peer has asked, and a lease is longer than a query waits.
    @Test func aContentOfALostTrackersOwnerIsNotUnknown() throws {
        var job = Federation(.full(3), peers: 3)
        try job.list([Group.wanted("a")], from: 1)
        try job.list([Group.owned("a", Group.content)], from: 2)
        try job.list([Group.wanted("b")], from: 3)
        try job.settle()
        _ = job.said()
        job.dead = [1]
        for _ in 0..<7 {
            try job.ask("a", from: 1)
            try job.pass(2, alive: [1, 3])
        }
        try job.hear(.join, from: 2, at: 2)
        try job.list([Group.owned("a", Group.content)], from: 2, at: 2)
        try job.settle()
        for _ in 0..<3 {
            try job.ask("a", from: 1)
            try job.pass(2, alive: [1, 2, 3])
        }
        let words = job.said().filter { $0.to == job.peer(1) }.map(\.message)
        #expect(!words.contains(.swarmUnknown(want: WantNumber(0))))
        #expect(words.contains { if case .swarm = $0 { true } else { false } })
        // A content that no rank has is unknown in the end.
        for _ in 0..<20 {
            try job.ask("b", from: 1)
            try job.pass(2, alive: [1, 2, 3])
        }
        #expect(job.said().map(\.message).contains(.swarmUnknown(want: WantNumber(0))))
    }

    /// Peers 1 and 3 own what 2 and 4 want.
    private static func ownersInBothGroups() throws -> Federation {
        var job = Federation(.full(2), peers: 4)
        for number in [1, 3] { try job.list([Group.owned("a", Group.content)], from: number) }
        for number in [2, 4] { try job.list([Group.wanted("a")], from: number) }
        try job.settle()
        _ = job.said()
        return job
    }

    /// No other group can have a lower owner, so the name stands for the content of this group. The
    /// rest of the swarm is reported when the other groups have answered.
    @Test func aPeerIsAnsweredAtOnceIfNoLowerOwnerCanExist() throws {
        var job = try Self.ownersInBothGroups()
        try job.ask("a", from: 2)
        #expect(try job.told(2)?.members == [job.peer(1)])
        try job.settle()
        #expect(try job.told(2)?.members == [job.peer(1), job.peer(3), job.peer(4)])
        // In the other group a lower owner may have another content of that name.
        try job.ask("a", from: 4)
        #expect(try job.told(4) == nil)
        try job.settle()
        #expect(try job.told(4)?.members == [job.peer(1), job.peer(2), job.peer(3)])
    }

    /// If it counted as a member that still wants the content, the others would wait for ever.
    @Test func aPeerThatGaveUpGetsNoFurtherAnswer() throws {
        var job = try Self.ownersInBothGroups()
        try job.ask("a", from: 2)
        #expect(try job.told(2) != nil)
        try job.hear(.gaveUp(Group.content), from: 2)
        try job.settle()
        #expect(try job.told(2) == nil)
        let found = try #require(job.trackers[0].swarms.catalog.index(of: Group.content))
        let member = job.trackers[0].swarms.catalog[found].members.first {
            $0.rank.raw == job.peer(2)
        }
        #expect(member?.isSettled == true)
    }
}
