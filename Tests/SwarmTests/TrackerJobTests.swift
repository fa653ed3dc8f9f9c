import Swarm
import Testing
import Vocabulary
import Wire

/// A job from the first join to the last report.
struct TrackerJobTests {
    private static let content = Group.content

    /// Members as one tail carries them, seeds first, then an inline manifest of one byte.
    private static func answer(_ members: [UInt8], manifest: UInt8 = 7) -> [UInt8] {
        members.flatMap { [$0, 0, 0, 0] } + [0, manifest]
    }

    /// It has no order and will not join: its proofs of life must not keep the job waiting.
    @Test func aPeerWithoutAnOrderIsLostAtOnce() throws {
        var group = Group(2) { $0.unordered = [Rank(2)] }
        #expect(group.drain() == [.warn(.lost(Rank(2)))])
        try group.hear(.alive, from: 2)
        #expect(group.drain() == [.send(.order(page: 0, isLast: true), to: 2)])
        try group.hear(.join, from: 1)
        try group.list([Group.owned("a", Self.content)], from: 1)
        #expect(
            group.drain() == [.send(.fileListRequest, to: 1), .send(.joinAck(peers: 2), to: 1)])
    }

    @Test func aPeerThatLivedAndDidNotAnswerIsNamedAsThat() {
        var group = Group(2) {
            $0.unordered = [Rank(2)]
            $0.unresponsive = [Rank(2)]
        }
        #expect(group.drain() == [.warn(.unresponsive(Rank(2)))])
    }

    @Test func aJobRunsFromTheFirstJoinToTheLastReport() throws {
        var group = Group(2)
        #expect(group.alarms == [.zero + .milliseconds(2500)])
        #expect(group.drain() == [])
        try group.hear(.join, from: 1)
        #expect(group.drain() == [.send(.fileListRequest, to: 1)])
        try group.hear(.join, from: 2)
        #expect(group.drain() == [.send(.fileListRequest, to: 2)])
        try group.list([Group.owned("a", Self.content)], from: 1)
        #expect(group.drain() == [], "rank 2's list is not in")
        try group.list([Group.wanted("a"), Group.wanted("b")], from: 2)
        #expect(
            group.drain() == [.send(.joinAck(peers: 2), to: 1), .send(.joinAck(peers: 2), to: 2)])
        #expect(group.tracker.stage == .running)

        try group.ask("a", want: 0, from: 2)
        let members = DownloadMessage.swarm(Self.content, want: WantNumber(0), seeds: 1, peers: 0)
        #expect(group.drain() == [.send(members, to: 2, tail: Self.answer([1]))])
        try group.ask("b", want: 1, from: 2)
        #expect(group.drain() == [.send(.swarmUnknown(want: WantNumber(1)), to: 2)])
        try group.hear(.peerUpdate(Self.content, held: 1), from: 2)
        try group.hear(.fileCompleted(Self.content), from: 2)
        #expect(group.drain() == [])

        try group.hear(.allFilesCompleted(delivered: 0, failed: 0), from: 1)
        #expect(group.drain() == [])
        try group.hear(.allFilesCompleted(delivered: 1, failed: 1), from: 2)
        #expect(group.drain() == [.terminate(1), .terminate(2)])
        #expect(group.tracker.stage == .closing)
        try group.report(from: 1)
        #expect(group.drain() == [])
        let failure = ReportEntry.failure(try RelativePath("b"), .unknown)
        try group.report([failure], from: 2)
        #expect(group.drain() == [.over])
        #expect(group.tracker.stage == .over)
        #expect(group.tracker.peers[1].report.failures == [failure])
        #expect(group.tracker.violations == 0)
    }

    @Test func aPeerThatCompletesIsASeedForTheNext() throws {
        var group = try Group.running(3)
        try group.ask("a", from: 2)
        try group.hear(.fileCompleted(Self.content), from: 2)
        _ = group.drain()
        try group.ask("a", from: 3)
        let members = DownloadMessage.swarm(Self.content, want: WantNumber(0), seeds: 2, peers: 0)
        #expect(group.drain() == [.send(members, to: 3, tail: Self.answer([1, 2]))])
        try group.ask("a", from: 1)
        let seen = DownloadMessage.swarm(Self.content, want: WantNumber(0), seeds: 1, peers: 1)
        #expect(group.drain() == [.send(seen, to: 1, tail: Self.answer([2, 3]))])
    }

    @Test func aSwarmIsFoundByContentToo() throws {
        var group = try Group.running(2)
        let request = TrackerMessage.swarmRequest(
            Self.content, want: WantNumber(5), by: .content, needsManifest: false)
        try group.hear(request, from: 2)
        let members = DownloadMessage.swarm(Self.content, want: WantNumber(5), seeds: 1, peers: 0)
        #expect(group.drain() == [.send(members, to: 2, tail: [1, 0, 0, 0])])
        #expect(throws: WireError.malformed) { try group.hear(request, tail: [1], from: 2) }
    }

    @Test func noNameIsUnknownBeforeAllListsAreIn() throws {
        var group = Group(2)
        try group.list([Group.wanted("a")], from: 1)
        try group.ask("a", from: 1)
        #expect(group.drain() == [])
    }

    @Test func anEmptyGroupIsOverAtOnce() {
        var group = Group(0)
        #expect(group.drain() == [.over])
    }

    @Test func twoOwnersOfANameAreWarnedOfAndTheLowestIsServed() throws {
        var group = Group(3)
        try group.list([Group.owned("a", ContentID(high: 1, low: 3))], from: 3)
        try group.list([Group.owned("a", ContentID(high: 1, low: 2))], from: 2)
        try group.list([Group.wanted("a")], from: 1)
        let warning = TrackerWarning.disagreement(
            try RelativePath("a"), owners: [Rank(2), Rank(3)])
        #expect(group.drain().first == .warn(warning))
        try group.ask("a", from: 1)
        let members = DownloadMessage.swarm(
            ContentID(high: 1, low: 2), want: WantNumber(0), seeds: 1, peers: 0)
        #expect(group.drain() == [.send(members, to: 1, tail: Self.answer([2], manifest: 2))])
    }

    /// Otherwise a wrong rank could hide a content by listing it first under another name.
    @Test func aContentIsFoundUnderEachOfItsNames() throws {
        var group = Group(3)
        try group.list([Group.owned("x", Self.content)], from: 1)
        try group.list([Group.owned("a", Self.content)], from: 2)
        try group.list([Group.wanted("a")], from: 3)
        _ = group.drain()
        try group.ask("a", from: 3)
        let members = DownloadMessage.swarm(Self.content, want: WantNumber(0), seeds: 2, peers: 0)
        #expect(group.drain() == [.send(members, to: 3, tail: Self.answer([1, 2]))])
    }

    @Test func aLongCatalogComesInPages() throws {
        var group = Group(1)
        let component = String(repeating: "n", count: 250)
        let folder = Array(repeating: component, count: 15).joined(separator: "/")
        for page in 0..<UInt32(40) {
            let entry = try Group.owned("\(folder)/\(page)", ContentID(high: 1, low: UInt64(page)))
            try group.list([entry], page: page, isLast: page == 39, from: 1)
        }
        _ = group.drain()
        var names: [String] = []
        var pages = 0
        var isDone = false
        while !isDone {
            try group.hear(.catalogRequest(from: UInt32(names.count)), from: 1)
            guard
                case .send(.download(.catalog(let from, let count, let isLast)), 1, let tail)? =
                    group.drain().first
            else {
                Issue.record("no catalog came")
                return
            }
            #expect(Int(from) == names.count)
            #expect(tail.count <= Head.tailMax)
            let entries = try unsafe CatalogEntry.reading(tail.span.bytes, count: count)
            names += entries.map(\.name.description)
            pages += 1
            isDone = isLast || pages == 40
        }
        #expect(pages == 3)
        #expect(names == (0..<40).map { "\(folder)/\($0)" })
        try group.hear(.catalogRequest(from: .max), from: 1)
        #expect(
            group.drain() == [.send(.catalog(from: .max, entries: 0, isLast: true), to: 1)])
    }

    @Test func aReportReplacesTheLastOne() throws {
        var group = try Group.running(2)
        let link = ReportEntry.link(WantNumber(0), source: Rank(1), pieces: 1, size: ByteCount(1))
        for _ in 0..<3 { try group.report([link], isLast: false, isFinal: false, from: 2) }
        try group.report([link], page: 1, isFinal: false, from: 2)
        #expect(group.tracker.peers[1].report.links == [link, link])
        #expect(group.stage(of: 2) != .closed)
    }
}
