import Testing
import Vocabulary
import Wire

@testable import Swarm

/// The contents that names stand for while files come and go in several groups.
struct StandingNamesTests {
    private static let newer = ContentID(high: 8, low: 8)

    /// The answer to a peer's request; nil where no rank has the file.
    private func content(_ job: inout Federation, for number: Int) throws -> ContentID? {
        _ = job.said()
        try job.ask("a", from: number)
        try job.settle()
        let said = job.said().filter { $0.to == job.peer(number) }
        #expect(said.count == 1, "each question has one answer")
        guard case .swarm(let content, _, _, _) = said.first?.message else { return nil }
        return content
    }

    /// Whichever peer asks, and whenever it asked before.
    @Test(arguments: [Topology.full(3), .line(3), .ring(3)])
    func aNameStandsForItsOwnersCurrentContent(topology: Topology) throws {
        var job = try StandingGroupsTests.standing(topology, peers: 6)
        try job.change([Group.owned("a", Group.content)], from: 1)
        for number in 1...6 { #expect(try content(&job, for: number) == Group.content) }
        // Other groups have seeds of the old content.
        for number in [3, 5] { try job.hear(.fileCompleted(Group.content), from: number) }
        try job.settle()
        try job.change([Group.gone("a", Group.content), Group.owned("a", Self.newer)], from: 1)
        for number in 1...6 {
            #expect(try content(&job, for: number) == Self.newer, "peer \(number)")
        }
        try job.change([Group.gone("a", Self.newer)], from: 1)
        for number in [2, 4, 6] { #expect(try content(&job, for: number) == Group.content) }
        for number in [3, 5] { try job.hear(.leave, from: number) }
        try job.settle()
        for number in [1, 2, 4, 6] { #expect(try content(&job, for: number) == nil) }
        #expect(job.warnings.isEmpty, "a change is no disagreement")
    }

    /// A fetched content still belongs to its owner, though only the fetcher reports it.
    @Test func aNameStaysItsOwnersWhenATrackerIsLost() throws {
        var job = try StandingGroupsTests.standing(.full(3), peers: 6)
        try job.change([Group.owned("a", Self.newer)], from: 6)
        job.dead = [0]
        try job.pass(12, alive: [3, 4, 5, 6])
        try job.hear(.join, from: 1, at: 1)
        let manifest = Descriptor(inline: [1])
        let name = try RelativePath("a")
        try job.list(
            [.described(name, Group.content, size: ByteCount(10), pieces: 1, manifest: manifest)],
            from: 1)
        try job.hear(.fileCompleted(Group.content), from: 1)
        try job.settle()
        for number in 3...5 { #expect(try content(&job, for: number) == Self.newer) }
        try job.hear(.leave, from: 6)
        try job.settle()
        for number in 3...5 { #expect(try content(&job, for: number) == Group.content) }
    }

    /// A downloader counts the answers.
    @Test func aRepeatedRequestHasTwoAnswers() throws {
        var job = try StandingGroupsTests.standing(.line(3), peers: 6)
        for _ in 0..<2 { try job.ask("a", from: 1) }
        try job.settle()
        #expect(job.said().count == 2)
        try job.change([Group.owned("a", Group.content)], from: 6)
        for _ in 0..<3 { try job.ask("a", from: 1) }
        try job.settle()
        #expect(job.said().count == 3)
    }

    @Test(arguments: [1, 3, 6]) func aWaitingPeerLearnsThatTheFileIsGone(number: Int) throws {
        var job = try StandingGroupsTests.standing(.line(3), peers: 6)
        try job.change([Group.owned("a", Group.content)], from: 5)
        _ = try content(&job, for: number)
        try job.change([Group.gone("a", Group.content)], from: 5)
        let said = job.said()
        #expect(said.map(\.message) == [.withdrawn(Group.content)])
        #expect(said.first?.to == job.peer(number))
        #expect(try content(&job, for: number) == nil)
    }

    @Test func aContentCanBeHadWhileAnyGroupHasASeed() throws {
        var job = try StandingGroupsTests.standing(.line(3), peers: 6)
        try job.change([Group.owned("a", Group.content)], from: 6)
        try job.change([Group.owned("a", Group.content)], from: 3)
        _ = try content(&job, for: 1)
        try job.change([Group.gone("a", Group.content)], from: 6)
        #expect(job.said().isEmpty)
        try job.change([Group.gone("a", Group.content)], from: 3)
        #expect(job.said().map(\.message) == [.withdrawn(Group.content)])
    }

    /// The withdrawal came while a query about the same content was under way.
    @Test func outdatedAnswersAreRequestedAgain() throws {
        var job = try StandingGroupsTests.standing(.line(3), peers: 6)
        try job.change([Group.owned("a", Group.content)], from: 5)
        _ = try content(&job, for: 1)
        try job.hear(.rollRequest(of: Group.content, from: 0), from: 2)
        var tail: [UInt8] = []
        try Group.gone("a", Group.content).write(to: &tail)
        try job.hear(.fileListUpdate(page: 0, entries: 1, isLast: true), tail: tail, from: 5)
        try job.settle()
        #expect(job.said().map(\.message).contains(.withdrawn(Group.content)))
    }

    /// All pages have to be of one catalog, whatever changes while it is read.
    @Test func aLongCatalogIsReadPageByPage() throws {
        var job = try StandingGroupsTests.standing(.line(3), peers: 3)
        for number in 1...3 {
            let entries = try (0..<500).map { file in
                let name = "\(number)-\(file)-" + String(repeating: "x", count: 200)
                return try Group.owned(name, ContentID(high: UInt64(number), low: UInt64(file)))
            }
            try job.change(entries, from: number)
        }
        var names: [String] = []
        while true {
            _ = job.said()
            try job.hear(.catalogRequest(from: UInt32(names.count)), from: 2)
            try job.settle()
            let said = try #require(job.said().first)
            guard case .catalog(_, let count, let isLast) = said.message else { break }
            names += try unsafe CatalogEntry.reading(said.tail.span.bytes, count: count)
                .map { $0.name.description }
            // Meanwhile another list is requested, and the contents change.
            let added = try Group.owned(
                "z\(names.count)", ContentID(high: 9, low: UInt64(names.count)))
            try job.change([added], from: 2)
            try job.hear(.catalogRequest(from: 0), from: 3)
            try job.hear(.leave, from: 1)
            try job.settle()
            if isLast { break }
        }
        #expect(names.count == 1500 && Set(names).count == 1500)
        #expect(job.trackers.allSatisfy { $0.group.search.lists.readings.count <= 1 })
    }

    /// However often files change, no tracker gets more than one notice per answer.
    @Test func aTrackerThatAskedForNothingGetsNoNotices() throws {
        var job = try StandingGroupsTests.standing(.full(3), peers: 3)
        let before = job.trackers.map(\.overlayCounts.queriesSent)
        for number: UInt64 in 1...50 {
            try job.change([Group.owned("b", ContentID(high: 9, low: number))], from: 1)
        }
        #expect(job.trackers.map(\.overlayCounts.queriesSent) == before)
        #expect(job.said().isEmpty)
    }
}
