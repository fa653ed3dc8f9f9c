import Testing
import Vocabulary
import Wire

@testable import Swarm

/// Queries between trackers: the number of messages, the trackers that answer, and the way of
/// answers.
struct OverlayFloodTests {
    /// Each tracker has one peer; those of `owners` own "a", and all want it.
    private func job(
        _ topology: Topology, timeToLive: Int? = nil, owners: [Int] = [1], overdueMax: Int = 8
    ) throws -> Federation {
        let count = topology.trackerCount
        var job = Federation(topology, peers: count) {
            if let timeToLive { $0.overlay.timeToLive = timeToLive }
            $0.overlay.overdueMax = overdueMax
        }
        for number in 1...count {
            let isOwner = owners.contains(number)
            try job.list(
                isOwner ? [Group.owned("a", Group.content)] : [Group.wanted("a")], from: number)
        }
        try job.settle()
        #expect(job.stages.allSatisfy { $0 == .running })
        _ = job.said()
        return job
    }

    @Test(arguments: [2, 3, 8, 10])
    func everyTrackerIsAskedInAFullMesh(count: Int) throws {
        for timeToLive in 1...4 {
            var job = try job(.full(count), timeToLive: timeToLive, owners: [count])
            try job.ask("a", from: 1)
            try job.settle()
            let most = timeToLive == 1 ? count - 1 : (count - 1) * (count - 1)
            #expect(job.queryCount == most)
            #expect(try job.told(1)?.members.last == job.peer(count))
        }
    }

    @Test(arguments: [2, 3, 8, 10])
    func aQueryTravelsALineFromOneEnd(count: Int) throws {
        for timeToLive in 1...count + 2 {
            var job = try job(.line(count), timeToLive: timeToLive, owners: [2])
            try job.ask("a", from: 1)
            try job.settle()
            #expect(job.queryCount == min(timeToLive, count - 1))
        }
    }

    @Test func aRepeatIsNeitherAnsweredNorForwarded() throws {
        var job = try job(.ring(4))
        try job.ask("a", from: 3)
        try job.settle()
        // Around both ways: the tracker opposite gets it twice, and forwards the first one once.
        #expect(job.queryCount == 4 + 1)
        let dropped = job.trackers.map { $0.group.search.trackers.overlay.counts.repeatsDropped }
        #expect(dropped.reduce(0, +) == 2)
        // One answer of each: two over one hop, one over two.
        #expect(job.hitCount == 4)
    }

    @Test func allOwnersBehindOneRelayAreFound() throws {
        let star = Topology(5, edges: [(0, 1), (1, 2), (1, 3), (1, 4)])
        var job = try job(star, owners: [2, 3, 4, 5])
        try job.ask("a", from: 1)
        try job.settle()
        #expect(try job.told(1)?.members == (2...5).map { job.peer($0) })
        #expect(job.trackers[1].group.search.trackers.overlay.counts.hitsRouted == 3)
    }

    @Test func aPeerThatOnlyWantsItIsAMemberToo() throws {
        var job = try job(.full(4), owners: [1])
        try job.ask("a", from: 2)
        try job.settle()
        #expect(try job.told(2)?.members == [1, 3, 4].map { job.peer($0) })
    }

    @Test func aNameWithoutAnOwnerIsUnknown() throws {
        var job = try job(.line(3), owners: [])
        try job.ask("a", from: 1)
        #expect(job.said().isEmpty)
        try job.settle()
        #expect(job.said().map(\.message) == [.swarmUnknown(want: WantNumber(0))])
    }

    @Test func aSilentTrackerIsWaitedForUntilTheDeadline() throws {
        var job = try job(.line(3), owners: [], overdueMax: 1)
        job.dead = [2]
        try job.ask("a", from: 1)
        try job.pass(4.5, alive: [1, 2])
        #expect(job.said().isEmpty)
        try job.pass(0.5, alive: [1, 2])
        #expect(job.said().map(\.message) == [.swarmUnknown(want: WantNumber(0))])
        #expect(job.trackers[0].group.search.trackers.overlay.counts.overdue == 1)
    }

    @Test func aLateHitStillJoinsTheSwarm() throws {
        var job = try job(.line(3), owners: [3], overdueMax: 1)
        try job.ask("a", from: 1)
        var effects = Effects<TrackerEffect>()
        var tracker = job.trackers[0]
        tracker.timeout(now: .zero + .seconds(5), effects: &effects)
        #expect(
            effects.list.contains(
                .send(
                    .download(.swarmUnknown(want: WantNumber(0))), .none,
                    to: Rank(job.peer(1)))))
        var late = FoundSwarm(
            name: try RelativePath("a"), size: ByteCount(100), pieces: 10,
            lowestOwner: Rank(job.peer(3)))
        late.isAlive = true
        late.members.seeds = [Rank(job.peer(3))]
        late.manifest = Descriptor(inline: [7])
        var tail: [UInt8] = []
        late.write(to: &tail)
        try unsafe tracker.received(
            .queryHit(
                Group.content, QueryID(origin: Rank(0), sequence: 1), responder: Rank(2),
                seeds: 1, peers: 0), tail: tail.span.bytes, from: Rank(1),
            now: .zero + .seconds(6), effects: &effects)
        #expect(tracker.swarms.catalog.index(named: try RelativePath("a")) != nil)
    }

    @Test func repeatedRequestsFloodNothingUntilTheyAreDue() throws {
        var job = try job(.full(3))
        try job.ask("a", from: 2)
        try job.settle()
        let once = job.queryCount
        for _ in 0..<20 {
            try job.ask("a", from: 2)
            try job.settle()
        }
        #expect(job.queryCount == once)
        #expect(job.said().count == 21)
        job.jump(.seconds(3))
        try job.ask("a", from: 2)
        try job.settle()
        #expect(job.queryCount == 2 * once)
    }

    @Test func oneQueryServesAllWaiters() throws {
        var job = Federation(.full(2), peers: 6)
        try job.list([Group.owned("a", Group.content)], from: 6)
        for number in 1...5 { try job.list([Group.wanted("a")], from: number) }
        try job.settle()
        _ = job.said()
        for number in 1...3 { try job.ask("a", from: number) }
        try job.settle()
        #expect(job.queryCount == 1)
        #expect(job.said().map(\.to).sorted() == (1...3).map { job.peer($0) })
    }

    @Test func aNameStandsForTheSameContentInAllGroups() throws {
        let other = ContentID(high: 9, low: 9)
        var job = Federation(.line(3), peers: 6)
        for (number, content) in [(1, nil), (2, other), (3, nil), (4, Group.content), (5, nil)] {
            try job.list(
                content.map { [try Group.owned("a", $0)] } ?? [Group.wanted("a")], from: number)
        }
        try job.list([Group.owned("a", Group.content)], from: 6)
        try job.settle()
        _ = job.said()
        for number in [1, 3, 5] {
            try job.ask("a", from: number)
            try job.settle()
            #expect(try job.told(number)?.content == other)
        }
        let name = try RelativePath("a")
        #expect(
            job.warnings == [
                .disagreement(name, owners: [Rank(job.peer(2)), Rank(job.peer(4))])
            ])
    }

    @Test func theCatalogHasTheContentsOfAllGroups() throws {
        var job = Federation(.line(3), peers: 3)
        for number in 1...3 {
            let content = ContentID(high: 1, low: UInt64(number))
            try job.list([Group.owned("file\(number)", content)], from: number)
        }
        try job.settle()
        _ = job.said()
        try job.hear(.catalogRequest(from: 0), from: 2)
        try job.settle()
        let said = job.said()
        #expect(said.count == 1)
        #expect(said.first?.message == .catalog(from: 0, entries: 3, isLast: true))
    }

    @Test func aSealReachesAllGroups() throws {
        var job = try job(.line(3), owners: [1])
        for number in 2...3 {
            try job.ask("a", from: number)
            try job.settle()
        }
        _ = job.said()
        try job.hear(.seal(Group.content), tail: [1, 2, 3], from: 1)
        try job.settle()
        let told = job.said().filter { $0.message == .seal(Group.content) }.map(\.to)
        #expect(told.sorted() == (1...3).map { job.peer($0) })
    }

    @Test func aHundredThousandQueriesLeaveTheTablesAtTheirLimits() throws {
        var overlay = Overlay(rules: OverlayRules(topology: .full(3)), own: Rank(0))
        var now = Tick.zero
        for number in 0..<100_000 {
            now = now + .milliseconds(1)
            let key = OverlayKey.content(ContentID(high: 1, low: UInt64(number)))
            _ = overlay.begin(key, now: now)
            _ = overlay.admit(
                QueryID(origin: Rank(1), sequence: UInt32(number)), from: Rank(2), now: now)
            if number % 100 == 0 { _ = overlay.takeEnded(now: now) }
        }
        let rules = overlay.rules
        #expect(overlay.rowCount <= rules.seenMax + rules.pendingMax + rules.askedMax)
        #expect(overlay.rowCount >= rules.seenMax + rules.pendingMax)
        overlay.checkInvariants()
        // A hit for a forgotten query goes nowhere.
        #expect(overlay.upstream(of: QueryID(origin: Rank(1), sequence: 0)) == nil)
        #expect(overlay.upstream(of: QueryID(origin: Rank(1), sequence: 99_999)) == Rank(2))
    }
}
