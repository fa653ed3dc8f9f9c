import Testing
import Vocabulary
import Wire

@testable import Swarm

/// One job of several groups: its beginning, its end, and the loss of a tracker.
struct GroupsTests {
    private func finish(_ job: inout Federation, _ numbers: ClosedRange<Int>) throws {
        for number in numbers {
            try job.hear(.allFilesCompleted(delivered: 0, failed: 0), from: number)
        }
        try job.settle()
    }

    @Test func noGroupBeginsBeforeAllListsAreIn() throws {
        var job = Federation(.line(3), peers: 6)
        for number in 1...5 { try job.list(from: number) }
        try job.settle()
        #expect(job.stages.allSatisfy { $0 == .gathering })
        #expect(job.said().isEmpty)
        try job.list(from: 6)
        try job.settle()
        #expect(job.stages.allSatisfy { $0 == .running })
        #expect(job.said().map(\.to).sorted() == (1...6).map { job.peer($0) })
    }

    @Test func noGroupEndsBeforeAllAreDone() throws {
        var job = Federation(.line(3), peers: 6)
        for number in 1...6 { try job.list(from: number) }
        try job.settle()
        try finish(&job, 1...5)
        #expect(job.stages.allSatisfy { $0 == .running })
        #expect(job.terminated.isEmpty)
        try finish(&job, 6...6)
        #expect(job.stages.allSatisfy { $0 == .closing })
        #expect(job.terminated.sorted() == (1...6).map { job.peer($0) })
        for number in 1...6 { try job.report(from: number) }
        try job.settle()
        #expect(job.stages.allSatisfy { $0 == .over })
        #expect(job.trackers[0].accounts.allSatisfy { $0.stage == .closed })
    }

    @Test(arguments: 1...6) func emptyGroupsDoNotHoldUpTheJob(peers: Int) throws {
        var job = Federation(.ring(7), peers: peers)
        for number in 1...peers { try job.list(from: number) }
        try job.settle()
        try finish(&job, 1...peers)
        for number in 1...peers { try job.report(from: number) }
        try job.settle()
        #expect(job.stages.allSatisfy { $0 == .over })
    }

    @Test func wantsAndReportsReachTheRoot() throws {
        var job = Federation(.full(2), peers: 2)
        try job.list(from: 1)
        try job.list([Group.wanted("a")], from: 2)
        try job.settle()
        var tail: [UInt8] = []
        let entry = ReportEntry.failure(try RelativePath("a"), .unknown)
        entry.write(to: &tail)
        try job.hear(
            .report(page: 0, entries: 1, isLast: true, isFinal: true), tail: tail, from: 2)
        try job.settle()
        let account = try #require(job.trackers[0].accounts.last)
        #expect(account.listing.wants == [try RelativePath("a")])
        #expect(account.report.failures == [entry])
        #expect(account.stage == .closed)
    }

    @Test func badInputOfAnyGroupEndsTheJobWithTheLowestRanks() throws {
        var job = Federation(.line(3), peers: 3)
        try job.list(from: 1)
        try job.hear(.prepared(.badInput), tail: Array("three".utf8), from: 3)
        try job.hear(.prepared(.badInput), tail: Array("two".utf8), from: 2)
        try job.settle()
        #expect(job.stages.allSatisfy { $0 == .closing })
        #expect(job.trackers[0].refusal?.refusal == "two")
    }

    /// No peer may have begun by then, even when the tracker that would have begun the job is lost.
    @Test(arguments: [true, false])
    func disagreeingOwnersInDifferentGroupsEndAJobThatDemandsAgreement(isFirst: Bool) throws {
        var job = Federation(.line(3), peers: 6) { $0.kind = .batch(ownersMustAgree: true) }
        try job.list([Group.owned("a", ContentID(high: 1, low: 3))], from: 6)
        try job.list([Group.owned("a", ContentID(high: 1, low: 2))], from: 3)
        for number in [2, 4, 5] { try job.list([Group.wanted("a")], from: number) }
        try job.settle()
        if !isFirst {
            job.dead = [0]
            try job.pass(12, alive: [2, 3, 4, 5, 6])
        }
        try job.hear(.join, from: 1, at: isFirst ? 0 : 1)
        if !isFirst { try job.hear(.join, from: 2, at: 1) }
        for number in isFirst ? 1...1 : 1...2 {
            try job.list([Group.wanted("a")], from: number)
        }
        try job.settle()
        let owners = job.trackers[isFirst ? 0 : 1].disagreement?.owners
        #expect(owners == [Rank(job.peer(3)), Rank(job.peer(6))])
        #expect(job.terminated.sorted() == (1...6).map { job.peer($0) })
        #expect(!job.said().contains { if case .joinAck = $0.message { true } else { false } })
    }

    /// The tracker was stopped for longer than a lease, and its peers have gone to the next one.
    @Test func aPeerThatMovedIsNotLostToTheFirstTracker() throws {
        var job = Federation(.full(2), peers: 2)
        for number in 1...2 { try job.list([Group.wanted("a")], from: number) }
        try job.settle()
        try job.hear(.join, from: 1, at: 1)
        try job.list([Group.wanted("a")], from: 1)
        try job.settle()
        try job.pass(25, alive: [1, 2])
        #expect(job.warnings.isEmpty)
        for number in 1...2 {
            try job.hear(.allFilesCompleted(delivered: 1, failed: 0), from: number)
            try job.settle()
            try job.report(from: number)
        }
        try job.settle()
        #expect(job.stages.allSatisfy { $0 == .over })
        #expect(job.trackers[0].accounts.allSatisfy { $0.stage == .closed })
    }

    /// Its own tracker is the root, which hears from the peer itself.
    @Test func aPeerThatMovedToTheRootIsNotLostToItsFirstTracker() throws {
        var job = Federation(.full(2), peers: 2)
        for number in 1...2 { try job.list([Group.wanted("a")], from: number) }
        try job.settle()
        try job.hear(.join, from: 2, at: 0)
        try job.list([Group.wanted("a")], from: 2)
        try job.settle()
        // The first tracker forwards a report that waited for it.
        job.inject(
            .group(.report(of: Rank(job.peer(2)), page: 0, entries: 0, isLast: false)), tail: [],
            from: Rank(1), to: 0)
        try job.hear(.report(page: 0, entries: 0, isLast: true, isFinal: false), from: 2)
        try job.pass(25, alive: [1, 2])
        #expect(job.warnings.isEmpty)
    }

    @Test func aLostPeerIsReportedToAllGroups() throws {
        var job = Federation(.full(2), peers: 4)
        for number in 1...4 { try job.list([Group.wanted("a")], from: number) }
        try job.settle()
        try job.pass(11, alive: [1, 2, 3])
        #expect(job.warnings == [.lost(Rank(job.peer(4)))])
        try finish(&job, 1...3)
        for number in 1...3 { try job.report(from: number) }
        try job.settle()
        #expect(job.stages.allSatisfy { $0 == .over })
        #expect(job.trackers[0].accounts.map(\.isLoss) == [false, false, false, true])
    }

    @Test func thePeersOfALostTrackerAreWaitedForAndTakenIn() throws {
        var job = Federation(.full(3), peers: 3)
        for number in 1...3 { try job.list(from: number) }
        try job.settle()
        job.dead = [1]
        try finish(&job, 1...1)
        try finish(&job, 3...3)
        try job.pass(12, alive: [1, 3])
        #expect(job.warnings == [.lost(Rank(1))])
        #expect(job.stages[0] == .running)
        try job.hear(.join, from: 2, at: 2)
        try job.list([Group.owned("a", Group.content)], from: 2, at: 2)
        try job.settle()
        #expect(job.said().map(\.message).contains(.joinAck(peers: 3)))
        try job.pass(25, alive: [1, 2, 3])
        #expect(job.stages[0] == .running)
        try job.hear(.allFilesCompleted(delivered: 0, failed: 0), from: 2, at: 2)
        try job.settle()
        #expect(job.stages[0] == .closing)
    }

    @Test func aPeerThatDoesNotComeBackIsLostInTheEnd() throws {
        var job = Federation(.line(3), peers: 3)
        for number in 1...3 { try job.list([Group.wanted("a")], from: number) }
        try job.settle()
        job.dead = [1]
        try finish(&job, 1...1)
        try finish(&job, 3...3)
        try job.pass(35, alive: [1, 3])
        try job.report(from: 1)
        try job.report(from: 3)
        try job.settle()
        #expect(job.stages[0] == .over && job.stages[2] == .over)
        #expect(job.trackers[0].accounts.map(\.isLoss) == [false, true, false])
        #expect(job.warnings == [.lost(Rank(1)), .parted([Rank(2)])])
    }

    @Test func theNextTrackerBecomesTheRoot() throws {
        var job = Federation(.full(3), peers: 3)
        for number in 1...3 { try job.list([Group.wanted("a")], from: number) }
        try job.settle()
        job.dead = [0]
        try job.pass(14, alive: [2, 3])
        #expect(job.trackers[1].isRoot)
        try job.hear(.join, from: 1, at: 1)
        try job.list([Group.wanted("a")], from: 1, at: 1)
        try job.hear(.allFilesCompleted(delivered: 0, failed: 0), from: 1, at: 1)
        try finish(&job, 2...3)
        try job.settle()
        #expect(job.stages[1] == .closing && job.stages[2] == .closing)
        try job.hear(
            .report(page: 0, entries: 0, isLast: true, isFinal: true), from: 1, at: 1)
        try job.report(from: 2)
        try job.report(from: 3)
        try job.settle()
        #expect(job.stages[1] == .over && job.stages[2] == .over)
        #expect(job.trackers[1].accounts.allSatisfy { $0.stage == .closed && $0.wanted == 1 })
    }
}
