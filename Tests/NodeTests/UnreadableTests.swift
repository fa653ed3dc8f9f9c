import Node
import Swarm
import Testing
import Vocabulary
import Wire

/// Jobs in which the disk of a rank cannot read back a piece.
@Suite struct UnreadableTests {
    let bytes: FakeContent

    init() throws {
        bytes = try #require(FakeContent.bytes(8, total: 100_001, pieceLength: 1000))
    }

    private func failures(_ rig: Rig) -> [[ReportEntry]] {
        rig.tracker.machine.peers.map(\.report.failures)
    }

    /// The only seed still serves the other pieces, and the content ends as lost.
    @Test(arguments: Serving.allCases)
    func aContentThatItsOnlySeedCannotReadIsLost(serving: Serving) throws {
        let rig = Rig(
            [try .make(owns: [("a", bytes)]), try .make(wants: ["a"]), try .make(wants: ["a"])],
            contents: [bytes], serving: serving)
        rig.peers[0].finished.unreadable = (PieceIndex(50), bytes.content)
        #expect(rig.run())
        let lost = [ReportEntry.failure(try RelativePath("a"), .lost)]
        #expect(failures(rig) == [[], lost, lost])
        for peer in rig.tracker.machine.peers[1...] {
            #expect(peer.report.totals.pieces == UInt64(bytes.geometry.pieceCount - 1))
        }
    }

    @Test(arguments: Serving.allCases)
    func aPieceThatOneSeedCannotReadComesFromAnother(serving: Serving) throws {
        let rig = Rig(
            [
                try .make(owns: [("a", bytes)]), try .make(owns: [("a", bytes)]),
                try .make(wants: ["a"]), try .make(wants: ["a"]),
            ], contents: [bytes], serving: serving)
        rig.peers[0].finished.unreadable = (PieceIndex(50), bytes.content)
        #expect(rig.run())
        #expect(rig.tracker.machine.peers.map(\.report.totals.delivered) == [0, 0, 1, 1])
    }

    /// A rank that fetched everything is a seed. Its disk fails when the owner is gone, or before.
    @Test(arguments: [true, false])
    func aReceiverThatCannotReadIsNoSeed(failsAtOnce: Bool) throws {
        let rig = Rig(
            [try .make(owns: [("a", bytes)]), try .make(wants: ["a"]), try .make(wants: ["a"])],
            contents: [bytes], picker: .sequential)
        let failing = (PieceIndex(failsAtOnce ? 2 : 100), bytes.content)
        if failsAtOnce { rig.peers[1].finished.unreadable = failing }
        let isOver = rig.run { rig in
            let (owner, first, second) = (rig.peers[0], rig.peers[1], rig.peers[2])
            if second.download.machine.totals.pieces > 5, !owner.isStopped {
                second.isStopped = true
            }
            guard second.isStopped, !first.finished.wants.isEmpty else { return }
            first.finished.unreadable = failing
            rig.kill(owner)
            second.isStopped = false
        }
        #expect(isOver)
        // A piece that failed at once may have come from the owner before.
        guard !failsAtOnce else { return }
        #expect(failures(rig)[2] == [.failure(try RelativePath("a"), .lost)])
    }

    @Test func aManifestThatCannotBeReadIsLostToo() throws {
        let nested = try #require(FakeContent.bytes(9, total: 5000, pieceLength: 512))
        let seed = try Share.make(owns: bytes, describedBy: nested)
        let rig = Rig(
            [seed, try .make(wants: ["a"]), try .make(wants: ["a"])], contents: [bytes, nested])
        rig.peers[0].finished.unreadable = (PieceIndex(3), nested.content)
        #expect(rig.run())
        let lost = [ReportEntry.failure(try RelativePath("a"), .lost)]
        #expect(failures(rig) == [[], lost, lost])
    }
}
