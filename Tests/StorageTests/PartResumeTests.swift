import Content
import Glibc
import Testing
import Vocabulary

@testable import Storage

/// The remains of an earlier job.
@Suite struct PartResumeTests {
    private let scratch: Scratch
    private let tree: SampleTree

    init() throws {
        scratch = try Scratch()
        tree = try SampleTree.everything()
    }

    private var state: String { scratch.path(".set.mpiswarm-part/state") }

    /// Cuts or spoils the end of the state file, as a kill at any moment would.
    private func tear(_ chance: inout Chance) throws {
        var bytes = try readWhole(path: state)
        switch chance.below(3) {
        case 0: bytes.removeLast(min(bytes.count, chance.below(100)))
        case 1:
            let place = max(0, bytes.count - 1 - chance.below(100))
            bytes[place] ^= UInt8(1 + chance.below(255))
        default: bytes += (0..<chance.below(100)).map { _ in UInt8(chance.below(256)) }
        }
        try writeWhole(bytes, path: state)
    }

    @Test(arguments: 0..<20)
    func interruptedJobsContinue(seed: Int) throws {
        var chance = Chance(seed: UInt64(seed))
        var rounds = 0
        while rounds < 50 {
            rounds += 1
            let area = try tree.area(in: scratch.path)
            let missing = (0..<area.geometry.pieceCount).map(PieceIndex.init).filter {
                !area.holds($0)
            }
            for position in 0..<area.geometry.pieceCount {
                let piece = PieceIndex(position)
                guard area.holds(piece) else { continue }
                let bytes = try tree.read(piece, from: area)
                #expect(bytes == tree.piece(piece, of: area.layout.manifest))
                if let digest = area.digest(of: piece) {
                    #expect(digest == SampleTree.digest(bytes))
                }
            }
            if missing.isEmpty {
                try area.finish()
                break
            }
            var order = missing
            chance.permute(&order)
            for piece in order.prefix(1 + chance.below(4)) {
                try tree.write(piece, to: area)
            }
            // Otherwise the job is killed, with lines that wait to be written.
            if chance.below(3) > 0 { try area.abandon() }
            try tear(&chance)
        }
        try tree.expectInPlace(in: scratch.path)
        #expect(try scratch.names() == ["set"])
    }

    @Test func piecesAreKeptWithTheirDigests() throws {
        let area = try tree.area(in: scratch.path)
        try tree.fill(area)
        try area.drop(PieceIndex(1))
        #expect(!area.holds(PieceIndex(1)) && area.digest(of: PieceIndex(1)) == nil)
        try area.abandon()
        let again = try tree.area(in: scratch.path)
        #expect(again.held.count == again.geometry.pieceCount - 1)
        let bytes = tree.piece(PieceIndex(0), of: again.layout.manifest)
        #expect(again.digest(of: PieceIndex(0)) == SampleTree.digest(bytes))
        try tree.fill(again)
        try again.finish()
        try tree.expectInPlace(in: scratch.path)
    }

    /// After a kill at most 4 MiB are fetched again, whatever the piece length.
    @Test(arguments: [64 << 10, 256 << 10, 1 << 20] as [Int64])
    func aKillLosesNotesOfFewBytes(pieceLength: Int64) throws {
        var long = SampleTree()
        long.pieceLength = pieceLength
        try long.file("f", 9 << 20)
        do {
            let area = try long.area(in: scratch.path)
            for position in 0..<Int(8 << 20 / pieceLength) {
                try long.write(PieceIndex(position), to: area)
            }
        }
        let again = try long.area(in: scratch.path)
        #expect(again.held.count >= Int(4 << 20 / pieceLength))
        try again.abandon()
    }

    @Test func theStateOfAnotherContentIsNotBelieved() throws {
        let area = try tree.area(in: scratch.path)
        let fromStart = area.held.count
        try tree.fill(area)
        try area.abandon()
        #expect(try scratch.names(".set.mpiswarm-part/tree") == ["set"])
        let other = try tree.area(in: scratch.path, fingerprint: 9)
        #expect(other.held.count == fromStart)
        #expect(try scratch.names(".set.mpiswarm-part/tree") == [])
        try other.abandon()
        var finer = tree
        finer.pieceLength = 500
        #expect(try finer.area(in: scratch.path, fingerprint: 9).held.count < 400)
    }

    @Test func piecesOfLostFilesAreForgottenForGood() throws {
        let area = try tree.area(in: scratch.path)
        try tree.fill(area)
        let count = area.geometry.pieceCount
        try area.abandon()
        let lost = scratch.path(".set.mpiswarm-part/tree/set/last")
        #expect(unsafe unlink(lost) == 0)
        let second = try tree.area(in: scratch.path)
        let missing = count - second.held.count
        #expect(missing >= 5)
        // The file exists again, with one piece in it.
        try tree.write(PieceIndex(count - 1), to: second)
        try second.abandon()
        let third = try tree.area(in: scratch.path)
        #expect(count - third.held.count == missing - 1)
        try tree.fill(third)
        try third.finish()
        try tree.expectInPlace(in: scratch.path)
    }

    @Test func aFailedFinishIsFinishedByTheNextCall() throws {
        let area = try tree.area(in: scratch.path)
        try tree.fill(area)
        try scratch.put("theirs", "set")
        #expect(
            throws: StorageError.system(
                call: "renameat2", path: scratch.path("set"), errno: EEXIST)
        ) {
            try area.finish()
        }
        #expect(unsafe unlink(scratch.path("set")) == 0)
        try area.finish()
        try tree.expectInPlace(in: scratch.path)
        #expect(try scratch.names() == ["set"])
    }

    /// Some names are given before an obstacle is met.
    @Test(
        arguments: ["set/a", "set/dangling", "set/deep/b", "set/deep/z", "set/last"],
        [false, true])
    func aFailedFinishIsFinishedByTheNextJob(name: String, removesState: Bool) throws {
        try scratch.folder("set/deep")
        let area = try tree.area(in: scratch.path)
        try tree.fill(area)
        try scratch.folder(name)
        #expect(throws: StorageError.self) { try area.finish() }
        try area.abandon()
        #expect(throws: PartError.exists(path: scratch.path(name), .folder, more: 0)) {
            _ = try tree.area(in: scratch.path)
        }
        #expect(unsafe chmod(scratch.path("set/deep"), 0o755) == 0)
        #expect(unsafe rmdir(scratch.path(name)) == 0)
        if removesState { #expect(unsafe unlink(state) == 0) }
        let next = try tree.area(in: scratch.path)
        #expect((next.held.count == next.geometry.pieceCount) == !removesState)
        try tree.fill(next)
        try next.finish()
        try tree.expectInPlace(in: scratch.path)
        #expect(try scratch.names() == ["set"])
    }

    /// All names are given, but the part area is still there.
    @Test func aUselessPartAreaIsRemoved() throws {
        let area = try tree.area(in: scratch.path)
        try tree.fill(area)
        try area.flush()
        let lines = try readWhole(path: state)
        try area.finish()
        try scratch.folder(".set.mpiswarm-part/tree/set/deep")
        try writeWhole(lines, path: state)
        let next = try tree.area(in: scratch.path)
        #expect(try tree.fill(next) == 0)
        try next.finish()
        try tree.expectInPlace(in: scratch.path)
        #expect(try scratch.names() == ["set"])
    }

    /// Some of the bytes written before the machine restarted never reached the disk.
    @Test func afterAPowerFailurePiecesAreReadBeforeTheyAreTrusted() throws {
        let area = try tree.area(in: scratch.path)
        try tree.fill(area)
        let count = area.geometry.pieceCount
        try area.abandon()
        var lines = try readWhole(path: state)
        let other = PartRecord(ofBoot: PieceDigest([1, 2, 3])!).encoded
        lines.replaceSubrange(PartRecord.byteCount..<2 * PartRecord.byteCount, with: other)
        try writeWhole(lines, path: state)
        let grown = scratch.path(".set.mpiswarm-part/tree/set/a")
        #expect(unsafe truncate(grown, 1000) == 0)
        #expect(unsafe truncate(grown, 2500) == 0)
        let next = try tree.area(in: scratch.path)
        let lost = (0..<count).map(PieceIndex.init).filter { !next.holds($0) }
        #expect(lost == [PieceIndex(1), PieceIndex(2)])
        try next.abandon()
        // The rest is known to be there, except in the file that is changed now.
        #expect(unsafe truncate(grown, 0) == 0)
        #expect(unsafe truncate(grown, 2500) == 0)
        let third = try tree.area(in: scratch.path)
        #expect(!third.holds(PieceIndex(0)) && !third.holds(PieceIndex(1)))
        #expect(third.holds(PieceIndex(3)))
    }
}
