import Testing
import Vocabulary
import Wire

@testable import Swarm

/// The accounts that the root keeps of other trackers' peers.
struct AccountTests {
    private func job(_ change: (inout TrackerRules) -> Void = { _ in }) -> Federation {
        Federation(.full(3), peers: 3, rules: change)
    }

    private func names(_ names: [String]) throws -> [UInt8] {
        var tail: [UInt8] = []
        for name in names { try Group.wanted(name).write(to: &tail) }
        return tail
    }

    private func page(
        _ page: UInt32, _ names: [String], isLast: Bool = false, _ job: inout Federation
    ) throws {
        let message = GroupMessage.list(
            of: Rank(job.peer(2)), page: page, entries: UInt32(names.count), isLast: isLast)
        job.inject(.group(message), tail: try self.names(names), from: Rank(1), to: 0)
    }

    private func wants(_ number: Int, at tracker: Int, _ job: Federation) -> [String] {
        job.trackers[tracker].accounts[number - 1].listing.wants.map(\.description)
    }

    /// Two trackers may report one peer at the same time.
    @Test func pagesOfTwoListsAreNotAddedUp() throws {
        var job = job()
        try page(1, ["x"], &job)
        try page(0, ["a"], &job)
        try page(0, ["a"], &job)
        try page(1, ["b"], isLast: true, &job)
        try page(1, ["b"], isLast: true, &job)
        #expect(wants(2, at: 0, job) == ["a", "b"])
    }

    @Test func anEndlessListIsNotRemembered() throws {
        var job = job { $0.entriesPerPeerMax = 10 }
        for number in 0..<UInt32(20) { try page(number, ["a", "b", "c"], &job) }
        #expect(wants(2, at: 0, job).count == 10)
        #expect(job.trackers[0].violations == 50)
    }

    @Test func onlyAFewNotesOfAPeerArePrinted() {
        var job = job()
        for _ in 0..<20 {
            job.inject(
                .group(.noted(of: Rank(job.peer(2)))), tail: Array("no".utf8), from: Rank(1), to: 0)
        }
        #expect(job.warnings.count == 8)
    }

    /// The next root has not had the beginning of the list.
    @Test func aListIsSentToANewRootAsAWhole() throws {
        var job = job()
        try job.hear(
            .fileList(page: 0, entries: 1, isLast: false), tail: try names(["a"]), from: 3)
        try job.settle()
        job.dead = [0]
        try job.pass(12, alive: [2, 3])
        try job.hear(
            .fileList(page: 1, entries: 1, isLast: true), tail: try names(["b"]), from: 3)
        try job.settle()
        #expect(wants(3, at: 1, job) == ["a", "b"])
    }
}
