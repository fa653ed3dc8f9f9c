import Testing
import Vocabulary
import Wire

@testable import Swarm

/// The limits of what a tracker accepts from other trackers.
struct OverlayTrustTests {
    private static let other = ContentID(high: 9, low: 9)

    private func job() throws -> Federation {
        var job = Federation(.full(3), peers: 3)
        try job.list([Group.owned("a", Group.content)], from: 1)
        for number in 2...3 { try job.list([Group.wanted("b")], from: number) }
        try job.settle()
        return job
    }

    private func tail(manifest: Bool = true) throws -> [UInt8] {
        var found = FoundSwarm(
            name: try RelativePath("c"), size: ByteCount(100), pieces: 10, lowestOwner: Rank(4))
        if manifest { found.manifest = Descriptor(inline: [1]) }
        var tail: [UInt8] = []
        found.write(to: &tail)
        return tail
    }

    private func hit(_ content: ContentID, _ sequence: UInt32, of responder: Int32)
        -> OverlayMessage
    {
        .queryHit(
            content, QueryID(origin: .first, sequence: sequence), responder: Rank(responder),
            seeds: 0, peers: 0)
    }

    @Test func anAnswerToNoQueryIsNotLearned() throws {
        var job = try job()
        job.inject(hit(Self.other, 77, of: 1), tail: try tail(), from: Rank(1), to: 0)
        #expect(job.trackers[0].swarms.catalog.index(of: Self.other) == nil)
    }

    /// Each of them would count as one more group for two leases.
    @Test func anAnswerOfARankThatIsNoTrackerIsDropped() throws {
        var job = try job()
        job.dead = [1, 2]
        try job.ask("b", from: 1)
        try job.settle()
        for responder: Int32 in [0, 3, 4, 99, .max] {
            job.inject(hit(Self.other, 1, of: responder), tail: try tail(), from: Rank(1), to: 0)
        }
        #expect(job.trackers[0].swarms.catalog.index(of: Self.other) == nil)
        #expect(
            job.trackers[0].group.search.trackers.overlay.pending.count == 1,
            "both are still waited for"
        )
    }

    @Test func onlySomeOfEndlessAnswersAreAccepted() throws {
        var job = Federation(.full(3), peers: 3) { $0.overlay.hitsMax = 4 }
        try job.list([Group.owned("a", Group.content)], from: 1)
        for number in 2...3 { try job.list([Group.wanted("b")], from: number) }
        try job.settle()
        try job.ask("b", from: 1)
        for number in 0..<100 {
            let content = ContentID(high: 9, low: UInt64(number))
            job.inject(hit(content, 1, of: 1), tail: try tail(), from: Rank(1), to: 0)
        }
        #expect(job.trackers[0].swarms.catalog.swarms.count == 1 + 4 * 3)
    }

    /// A tracker that forwards an answer has not read it.
    @Test func aMalformedAnswerIsTheFaultOfItsWriter() throws {
        var job = try job()
        job.dead = [1, 2]
        try job.ask("b", from: 1)
        let nonsense = hit(Self.other, 1, of: 2)
        try job.tell(0, nonsense, tail: [1, 2, 3], from: Rank(1))
        #expect(throws: WireError.self) {
            try job.tell(0, nonsense, tail: [1, 2, 3], from: Rank(2))
        }
    }
}
