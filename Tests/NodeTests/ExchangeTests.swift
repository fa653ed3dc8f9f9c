import Node
import Swarm
import Testing
import Vocabulary
import Wire

/// Whole jobs without a network, a disk or a clock.
@Suite struct ExchangeTests {
    let labels: FakeContent
    let bytes: FakeContent

    init() throws {
        labels = try #require(FakeContent.labels(7, pieces: 100))
        bytes = try #require(FakeContent.bytes(8, total: 100_001, pieceLength: 1000))
    }

    private func delivered(_ rig: Rig) -> [UInt32] {
        rig.tracker.machine.peers.map(\.report.totals.delivered)
    }

    @Test(arguments: Serving.allCases, PickerChoice.allCases)
    func everyoneGetsWhatItWants(serving: Serving, picker: PickerChoice) throws {
        for seed in 1...5 as ClosedRange<UInt64> {
            try everyoneGetsWhatItWants(seed, picker, serving)
        }
    }

    private func everyoneGetsWhatItWants(
        _ seed: UInt64, _ picker: PickerChoice, _ serving: Serving
    ) throws {
        let rig = Rig(
            [
                try .make(owns: [("a", labels)], wants: ["b"]),
                try .make(owns: [("b", bytes)], wants: ["a"]),
                try .make(wants: ["a", "b"]),
                try .make(wants: ["b", "a"]),
                try .make(),
            ], contents: [labels, bytes], seed: seed, picker: picker, serving: serving)
        #expect(rig.run(limit: .seconds(60)))
        #expect(delivered(rig) == [1, 1, 2, 2, 0])
        #expect(rig.peers[2].finished.wants.count == 2)
    }

    @Test func anOwnedContentIsWrittenAtOnce() throws {
        let rig = Rig(
            [try .make(owns: [("a", labels)], wants: ["a"]), try .make()],
            contents: [labels])
        #expect(rig.run(limit: .seconds(1)))
        #expect(delivered(rig) == [1, 0])
        #expect(rig.tracker.machine.peers[0].report.links.isEmpty)
    }

    @Test func aContentWithoutAnOwnerIsMissingAndNoRankWaits() throws {
        let rig = Rig(
            [try .make(owns: [("a", labels)]), try .make(wants: ["nowhere", "a"])],
            contents: [labels])
        #expect(rig.run(limit: .seconds(1)))
        #expect(delivered(rig) == [0, 1])
        #expect(
            rig.tracker.machine.peers[1].report.failures
                == [.failure(try RelativePath("nowhere"), .unknown)])
    }

    @Test(arguments: [1, 2, 3, 5]) func seedsShareTheWorkToThePiece(seeds: Int) throws {
        var shares: [Share] = []
        for _ in 0..<seeds { shares.append(try .make(owns: [("a", bytes)])) }
        shares.append(try .make(wants: ["a"]))
        let rig = Rig(shares, contents: [bytes])
        #expect(rig.run(limit: .seconds(5)))
        let given = rig.tracker.machine.peers[seeds].report.links.compactMap { entry -> Int? in
            guard case .link(_, _, let pieces, _) = entry else { return nil }
            return Int(pieces)
        }
        #expect(given.reduce(0, +) == bytes.geometry.pieceCount)
        #expect(given.allSatisfy { abs($0 - bytes.geometry.pieceCount / seeds) <= 1 })
    }

    @Test func peersServeWhileTheyFetch() throws {
        let wanter = try Share.make(wants: ["a"])
        let shares = [try Share.make(owns: [("a", bytes)])] + Array(repeating: wanter, count: 6)
        let rig = Rig(shares, contents: [bytes])
        #expect(rig.run(limit: .seconds(10)))
        var fromSeed = 0
        for peer in rig.tracker.machine.peers {
            for case .link(_, Rank(1), let pieces, _) in peer.report.links {
                fromSeed += Int(pieces)
            }
        }
        #expect(fromSeed < 6 * bytes.geometry.pieceCount / 2)
    }

    @Test func aKilledSeedIsReplacedByAnother() throws {
        let rig = Rig(
            [
                try .make(owns: [("a", bytes)]), try .make(owns: [("a", bytes)]),
                try .make(wants: ["a"]),
            ], contents: [bytes])
        let isOver = rig.run { rig in
            if rig.peers[2].download.machine.totals.pieces > 20 { rig.kill(rig.peers[0]) }
        }
        #expect(isOver)
        #expect(rig.warnings == [.lost(Rank(1))])
        #expect(delivered(rig)[2] == 1)
    }

    @Test func aContentWhoseLastHolderDiedIsNamedAndNoRankWaits() throws {
        let rig = Rig(
            [
                try .make(owns: [("a", bytes), ("b", labels)]),
                try .make(wants: ["a"]), try .make(wants: ["a"]),
            ], contents: [bytes, labels])
        let isOver = rig.run { rig in
            if rig.peers[1].download.machine.totals.pieces > 20 { rig.kill(rig.peers[0]) }
        }
        #expect(isOver)
        let lost = [ReportEntry.failure(try RelativePath("a"), .lost)]
        #expect(rig.tracker.machine.peers[1].report.failures == lost)
        #expect(rig.tracker.machine.peers[2].report.failures == lost)
    }

    @Test func wrongBytesAreNeitherKeptNorAskedForTwice() throws {
        let rig = Rig(
            [
                try .make(owns: [("a", bytes)]), try .make(owns: [("a", bytes)]),
                try .make(wants: ["a"]),
            ], contents: [bytes])
        rig.network.liar = Rank(1)
        #expect(rig.run())
        #expect(delivered(rig)[2] == 1)
        let totals = rig.tracker.machine.peers[2].report.totals
        // Pieces that were under way when the second bad piece came are counted too.
        let most = UInt64(rig.peers[2].download.machine.rules.requestsPerSourceMax) + 2
        #expect((2...most).contains(totals.violations))
        #expect(totals.pieces == UInt64(bytes.geometry.pieceCount))
    }

    @Test func aPausedRankComesBackAndFinishes() throws {
        let rig = Rig(
            [try .make(owns: [("a", bytes)]), try .make(wants: ["a"])], contents: [bytes])
        var resumed = false
        let isOver = rig.run { rig in
            let peer = rig.peers[1]
            if peer.download.machine.totals.pieces > 20, !resumed { peer.isStopped = true }
            if peer.isStopped, rig.now > .zero + .seconds(15) {
                peer.isStopped = false
                resumed = true
            }
        }
        // The job ended without it: it learns that, leaves, and its missing pieces are its failure.
        #expect(isOver)
        #expect(rig.warnings.first == .lost(Rank(2)))
    }

    @Test func aManifestCanBeAContentOfItsOwn() throws {
        let nested = try #require(FakeContent.bytes(9, total: 5000, pieceLength: 512))
        let seed = try Share.make(owns: labels, describedBy: nested)
        let rig = Rig(
            [seed, try .make(wants: ["a"]), try .make(wants: ["a"])],
            contents: [labels, nested])
        #expect(rig.run(limit: .seconds(5)))
        #expect(delivered(rig) == [0, 1, 1])
    }

    /// Users take these sums for the files that were delivered to them.
    @Test func aManifestIsCountedApartFromThePayload() throws {
        let nested = try #require(FakeContent.bytes(9, total: 5000, pieceLength: 512))
        let seed = try Share.make(owns: bytes, describedBy: nested)
        let rig = Rig([seed, try .make(wants: ["a"])], contents: [bytes, nested])
        #expect(rig.run(limit: .seconds(5)))
        let receiver = rig.tracker.machine.peers[1]
        #expect(receiver.report.totals.pieces == UInt64(bytes.geometry.pieceCount))
        #expect(receiver.report.totals.size == bytes.geometry.total)
        #expect(receiver.report.totals.needed == bytes.geometry.total)
        #expect(receiver.report.manifestTotals.pieces == UInt64(nested.geometry.pieceCount))
        #expect(receiver.report.manifestTotals.size == nested.geometry.total)
    }

    @Test func aManifestThatDiesWithItsLastHolderIsNotWaitedFor() throws {
        let nested = try #require(FakeContent.bytes(9, total: 50_000, pieceLength: 512))
        let seed = try Share.make(owns: labels, describedBy: nested)
        let rig = Rig(
            [seed, try .make(wants: ["a"]), try .make(wants: ["a"])],
            contents: [labels, nested])
        let isOver = rig.run { rig in
            if rig.peers[1].download.machine.manifestTotals.pieces > 3 { rig.kill(rig.peers[0]) }
        }
        #expect(isOver)
        let lost = [ReportEntry.failure(try RelativePath("a"), .lost)]
        #expect(rig.tracker.machine.peers[1].report.failures == lost)
        #expect(rig.tracker.machine.peers[2].report.failures == lost)
    }

    /// Each peer gave up the file that the other waits for, and both still want a file.
    @Test func twoThatFailedOnDiskDoNotWaitForEachOther() throws {
        let other = try #require(FakeContent.bytes(10, total: 90_001, pieceLength: 1000))
        let rig = Rig(
            [
                try .make(owns: [("a", bytes), ("b", other)]),
                try .make(wants: ["a", "b"]), try .make(wants: ["b", "a"]),
            ], contents: [bytes, other])
        rig.peers[1].finished.failing = bytes.content
        rig.peers[2].finished.failing = other.content
        let isOver = rig.run { rig in
            if rig.peers[1].download.machine.totals.pieces > 20 { rig.kill(rig.peers[0]) }
        }
        #expect(isOver)
    }

    /// One message may have been spoilt on its way; a rank that sends more garbage is dropped.
    @Test(arguments: [(1, true), (2, false), (100, false)])
    func aRankThatSendsTooMuchGarbageIsIgnored(count: Int, isHeard: Bool) throws {
        let rig = Rig(
            [try .make(owns: [("a", labels)]), try .make(wants: ["a"])], contents: [labels])
        let garbage = Loopback.Letter(source: Rank(2), tag: .tracker, bytes: [1, 2, 3])
        let box = Loopback.box(.first, .tracker)
        rig.network.letters[box, default: []].insert(
            contentsOf: Array(repeating: garbage, count: count), at: 0)
        #expect(rig.run())
        #expect(rig.warnings == [.accused(Rank(2), .nonsense, by: .first)])
        #expect(rig.tracker.machine.peers[1].isExpelled == !isHeard)
        #expect(delivered(rig)[1] == (isHeard ? 1 : 0))
    }

    @Test func badInputEndsTheJobAndTheLowestRankIsNamed() throws {
        var bad = Share()
        bad.refusal = "in2.txt:1: wrong"
        var worse = Share()
        worse.refusal = "in3.txt:1: wrong"
        let rig = Rig(
            [try .make(wants: ["a"]), bad, worse], contents: [])
        #expect(rig.run(limit: .seconds(2)))
        #expect(rig.tracker.machine.refusal?.refusal == "in2.txt:1: wrong")
    }
}
