import Node
import Swarm
import Testing
import Vocabulary
import Wire

/// What the nodes count, which depends on no clock and on no other program.
@Suite struct WorkTests {
    private func work(_ rig: Rig) -> WorkTotals {
        rig.peers.reduce(into: WorkTotals()) { sum, peer in
            sum += peer.download.machine.work
            sum += peer.upload.work
        }
    }

    /// A request and its answer for each segment; hardly any search for a segment is in vain.
    @Test(arguments: 1...5 as ClosedRange<UInt64>)
    func aSegmentCostsTwoMessages(seed: UInt64) throws {
        let labels = try #require(FakeContent.labels(7, pieces: 2000))
        let wanting = try (0..<6).map { _ in try Share.make(wants: ["a"]) }
        let rig = Rig(
            [try .make(owns: [("a", labels)])] + wanting, contents: [labels], seed: seed)
        #expect(rig.run(limit: .seconds(60)))
        let work = work(rig)
        let pieces = rig.tracker.machine.peers.reduce(0) { $0 + $1.report.totals.pieces }
        #expect(pieces == 12000)
        #expect(work.pieceMessages <= 2 * pieces)
        #expect(work.messages >= work.pieceMessages && work.events >= work.messages / 2)
        #expect(Double(work.failedPicks) < 0.1 * Double(pieces), "\(work)")
        #expect(work.turns > 0 && work.emptyTurns < work.turns && work.naps == 0)
    }

    /// Both ends of a payload count it.
    @Test func aPayloadIsCountedWhereItIsSentAndWhereItArrives() throws {
        let bytes = try #require(FakeContent.bytes(8, total: 100_001, pieceLength: 1000))
        let rig = Rig(
            [try .make(owns: [("b", bytes)]), try .make(wants: ["b"])], contents: [bytes])
        #expect(rig.run(limit: .seconds(60)))
        #expect(work(rig).carried == ByteCount(200_002))
    }
}
