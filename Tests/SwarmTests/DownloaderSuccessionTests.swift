import Testing
import Vocabulary
import Wire

@testable import Swarm

/// The ranks that a downloader turns to when its tracker is dead or silent, and when it comes back.
struct DownloaderSuccessionTests {
    /// Rank 99 of a hundred, all of which may track.
    private static func running(
        heirs: ClosedRange<Int32> = 0...99, trackers: [Int32] = []
    ) throws -> Client {
        var client = try Client.fetching(3, [5: "#.."]) {
            $0.heirs = heirs.map { Rank($0) }
            $0.trackers = trackers.map { Rank($0) }
        }
        try client.hear(.aliveAck)
        _ = client.drain()
        return client
    }

    private static func joins(_ client: inout Client) -> [Int32] {
        client.drain().compactMap { effect in
            if case .send(.tracker(.join), _, let rank) = effect { rank.raw } else { nil }
        }
    }

    /// The request for the list, or the seal of a content, may be what could not be read, and the
    /// tracker sends each of them once.
    @Test func aMessageOfTheTrackerThatMakesNoSenseIsAskedForAgain() throws {
        var client = try Client.fetching(12, [1: String(repeating: "#", count: 12)])
        client.note(.accused(Rank(0), .nonsense))
        #expect(!client.drain().contains(Client.told(.join)), "a flood is not answered by another")
        try client.pass(.seconds(2))
        #expect(client.drain().contains(Client.told(.join)))
        try client.pass(.seconds(2))
        let effects = client.drain()
        #expect(effects.contains(Client.told(.alive)) && !effects.contains(Client.told(.join)))
        client.note(.accused(Rank(1), .nonsense))
        try client.pass(.seconds(2))
        #expect(!client.drain().contains(Client.told(.join)), "the tracker was understood")
    }

    @Test func aDeadTrackerIsFollowedAtOnce() throws {
        var client = try Self.running()
        client.note(.died(Rank(0)))
        #expect(Self.joins(&client) == [1])
        #expect(client.downloader.tracker == Rank(1))
    }

    /// Ranks that began at other trackers would take over before this one had tried all.
    @Test func aSilentTrackerIsNotTriedOnceForEachDeadOne() throws {
        var client = try Self.running(heirs: 4...99, trackers: [0, 1, 2, 3])
        for dead: Int32 in 1...3 { client.note(.died(Rank(dead))) }
        try client.pass(.seconds(25), trackerLives: false)
        #expect(Self.joins(&client).contains(4))
    }

    @Test func ranksThatAreKnownToBeDeadAreSkipped() throws {
        var client = try Self.running()
        client.note(.died(Rank(2)))
        client.note(.died(Rank(1)))
        #expect(Self.joins(&client) == [])
        client.note(.died(Rank(0)))
        #expect(Self.joins(&client) == [3])
        client.note(.died(Rank(3)))
        #expect(Self.joins(&client) == [4])
    }

    @Test func aSilentTrackerIsGivenItsLease() throws {
        var client = try Self.running()
        try client.pass(.seconds(8), trackerLives: false)
        #expect(Self.joins(&client) == [])
        try client.pass(.seconds(4), trackerLives: false)
        #expect(Self.joins(&client).first == 1)
    }

    /// A busy machine stops it for some seconds. It turns to the heir later by that time, and not
    /// by a lease: by then the heir would have given it up.
    @Test func aStoppedRankIsExcusedForThatTimeOnly() throws {
        var client = try Self.running()
        try client.pass(.seconds(6), trackerLives: false)
        client.stand(still: .seconds(7))
        #expect(Self.joins(&client) == [])
        try client.pass(.seconds(1), trackerLives: false)
        #expect(Self.joins(&client) == [])
        try client.pass(.seconds(3), trackerLives: false)
        #expect(Self.joins(&client).first == 1)
    }

    /// All others seem silent to a rank that is cut off. It must not try a thousand of them for a
    /// lease each, and it keeps asking the first few.
    @Test func afterThreeSilentHeirsItIsAlone() throws {
        var client = try Self.running()
        try client.pass(.seconds(60), trackerLives: false)
        #expect(Set(Self.joins(&client)) == [0, 1, 2, 3])
        #expect(client.downloader.isAbandoned)
        try client.pass(.seconds(4), trackerLives: false)
        #expect(Self.joins(&client).contains(0))
    }

    @Test func theLowestLivingRankTakesOver() throws {
        var client = try Self.running(heirs: 98...99)
        client.note(.died(Rank(98)))
        client.note(.died(Rank(0)))
        let done = client.drain()
        let both = [Rank(0), Rank(98)]
        #expect(done.contains(.takeOver(Inheritance(lost: both, dead: [Rank(98), Rank(0)]))))
        #expect(done.contains(.send(.tracker(.join), .none, to: Client.rank)))
    }

    @Test func anHeirGetsADescriptionOfTheContent() throws {
        var client = try Self.running()
        client.note(.died(Rank(0)))
        _ = client.drain()
        try client.hear(.fileListRequest, from: 1)
        let lists = client.drain().compactMap { effect in
            if case .send(.tracker(let message), _, Rank(1)) = effect { message } else { nil }
        }
        #expect(lists == [.fileList(page: 0, entries: 2, isLast: true)])
        #expect(client.downloader.learnt.count == 1)
    }

    /// The store reads the manifest while the heir takes lists. The heir learns the name first,
    /// then the content, and the role of a member last: it takes no role of other ranks.
    @Test func anHeirIsInformedWhenTheManifestIsRead() throws {
        var client = try Client(3) { $0.heirs = [Rank(1), Rank(2)] }
        try client.hear(.fileListRequest)
        try client.hear(.joinAck(peers: 9))
        try client.swarm(seeds: [], peers: [5])
        client.note(.died(Rank(0)))
        try client.hear(.fileListRequest, from: 1)
        #expect(
            client.downloader.learnt == [.reading(try RelativePath("a"), size: .zero)])
        try client.hear(.joinAck(peers: 9), from: 1)
        _ = client.drain()
        client.open {
            $0.publisher = Rank(5)
            $0.standsBy = true
        }
        #expect(
            Self.sent(&client, to: 1).prefix(3) == [
                .fileListUpdate(page: 0, entries: 1, isLast: true),
                .swarmRequest(
                    Client.content, want: WantNumber(0), by: .content, needsManifest: false),
                .standsBy(Client.content),
            ])
    }

    /// It lists the content as wanted, and would be waited for.
    @Test func anHeirIsInformedOfAContentThatHasFailed() throws {
        var client = try Self.running()
        try client.hear(.swarmLost(Client.content, missing: 2))
        client.note(.died(Rank(0)))
        try client.hear(.fileListRequest, from: 1)
        _ = client.drain()
        try client.hear(.joinAck(peers: 9), from: 1)
        #expect(Self.sent(&client, to: 1).contains(.gaveUp(Client.content)))
    }

    @Test func anHeirDoesNotWaitForAnInvalidManifest() throws {
        var client = try Client(3) { $0.heirs = [Rank(1), Rank(2)] }
        try client.hear(.fileListRequest)
        try client.hear(.joinAck(peers: 9))
        try client.swarm(seeds: [], peers: [5])
        client.note(.died(Rank(0)))
        try client.hear(.fileListRequest, from: 1)
        try client.hear(.joinAck(peers: 9), from: 1)
        _ = client.drain()
        client.stored(.opened(Client.content, nil))
        #expect(
            Self.sent(&client, to: 1).first == .fileListUpdate(page: 0, entries: 1, isLast: true))
    }

    private static func sent(_ client: inout Client, to rank: Int32) -> [TrackerMessage] {
        client.drain().compactMap { effect in
            if case .send(.tracker(let message), _, Rank(rank)) = effect { message } else { nil }
        }
    }

    /// It was only cut off, or stopped.
    @Test func aTrackerThatIsHeardAgainIsFollowedAgain() throws {
        var client = try Self.running(heirs: 99...99)
        try client.pass(.seconds(12), trackerLives: false)
        #expect(client.drain().contains(.takeOver(Inheritance(lost: [Rank(0)]))))
        try client.hear(.aliveAck)
        #expect(client.downloader.tracker == Client.rank, "it says nothing of joining")
        try client.hear(.fileListRequest)
        #expect(client.downloader.tracker == Rank(0))
        #expect(client.drain().contains(.standDown))
    }

    @Test func aDeadTrackerIsNotFollowedAgain() throws {
        var client = try Self.running()
        client.note(.died(Rank(0)))
        _ = client.drain()
        try client.hear(.fileListRequest)
        #expect(client.downloader.tracker == Rank(1))
        #expect(client.drain() == [])
    }

    @Test func strangersDoNotTrack() throws {
        var client = try Self.running(heirs: 3...4)
        #expect(throws: WireError.malformed) { try client.hear(.fileListRequest, from: 5) }
    }

    /// The other trackers come first, in a ring; dead ones are skipped there too.
    @Test func heirsComeAfterAllTrackers() throws {
        var client = try Self.running(trackers: [0, 1, 2])
        client.note(.died(Rank(1)))
        client.note(.died(Rank(0)))
        #expect(Self.joins(&client) == [2])
        client.note(.died(Rank(2)))
        #expect(Self.joins(&client) == [3])
    }

    /// Pieces that were requested from a dead source, promised or not, are requested from others,
    /// and their buffers are withdrawn.
    @Test func piecesOfADeadSourceAreRequestedFromOthers() throws {
        var client = try Client.fetching(2, [1: "##", 2: ".."])
        let asked = client.asks()
        try client.ack(asked[0])
        client.note(.died(Rank(1)))
        let done = client.drain()
        for request in asked {
            #expect(done.contains(.withdraw(RequestNumber(request.number))))
        }
        #expect(done.contains(.tell(.neighbourGone(Rank(1)))))
        try client.hear(
            .have(Client.content, count: 2), tail: [0, 0, 0, 0, 1, 0, 0, 0], from: 2)
        let again = client.asks()
        #expect(!again.isEmpty && again.allSatisfy { $0.to == 2 })
    }
}
