import Content
import Glibc
import Testing
import Vocabulary

@testable import Storage

/// Trees that take over the files of parts, which came before the trees were listed.
@Suite struct PartAreaTakingTests {
    let scratch: Scratch
    let tree: SampleTree
    let first: SampleTree
    let second: SampleTree

    init() throws {
        scratch = try Scratch()
        var tree = SampleTree()
        try tree.folder("set")
        try tree.file("set/a", 2500, mode: 0o664)
        try tree.folder("set/deep", mode: 0o555)
        try tree.file("set/deep/b", 300, mode: 0o400)
        try tree.file("set/last", 4321)
        self.tree = tree
        first = try tree.part("set", "set/a")
        second = try tree.part("set", "set/deep", "set/deep/b", "set/last")
    }

    var folder: String { scratch.path("out") }

    func early() throws -> EarlyTree {
        try EarlyTree(in: folder, tree.manifest(), rename: nil, patience: .zero)
    }

    func open(
        _ part: SampleTree, _ number: Int, in early: EarlyTree
    ) throws -> PartArea? {
        try early.open(
            part.manifest(), fingerprint: Digest128(high: UInt64(number), low: 9), number: number,
            rename: nil, PartOptions())
    }

    @discardableResult
    func complete(
        _ part: SampleTree, _ number: Int, in early: EarlyTree
    ) throws -> PartArea {
        let area = try #require(try open(part, number, in: early))
        try part.fill(area)
        try area.completePart()
        return area
    }

    func whole(after early: EarlyTree? = nil) throws -> PartArea {
        try PartArea(
            tree.manifest(), fingerprint: Digest128(high: 1, low: 2), base: folder, after: early)
    }

    func leave(_ areas: PartArea?..., in early: EarlyTree) throws {
        for area in areas { try area?.abandon() }
        try early.folder.unlock()
    }

    @Test func nothingIsLeftToFetch() throws {
        let early = try early()
        let part = try complete(first, 0, in: early)
        try complete(second, 1, in: early)
        #expect(try scratch.names("out") == [".set.mpiswarm-part"], "there are no names yet")
        let area = try whole(after: early)
        #expect(area.isWhole)
        #expect(try area.finish())
        try tree.expectInPlace(in: folder)
        for position in 0..<part.geometry.pieceCount {
            let piece = PieceIndex(position)
            #expect(
                try first.read(piece, from: part) == first.piece(piece, of: first.manifest()),
                "others still get pieces of the part")
        }
    }

    @Test func piecesOfIncompleteFilesComeAgain() throws {
        let early = try early()
        try complete(first, 0, in: early)
        let part = try #require(try open(second, 1, in: early))
        for position in 0..<part.geometry.pieceCount - 1 {
            try second.write(PieceIndex(position), to: part)
        }
        let area = try whole(after: early)
        #expect(!area.isWhole && area.holds(PieceIndex(0)) && area.holds(PieceIndex(1)))
        #expect(try !area.finish())
        try tree.fill(area)
        #expect(try area.finish())
        try tree.expectInPlace(in: folder)
    }

    /// What a later entry of the archive has replaced is not in the copy. Others may ask for it.
    @Test func onlyWhatIsDescribedIsTaken() throws {
        var other = SampleTree()
        try other.folder("set")
        try other.file("set/a", 2500, mode: 0o600)
        try other.file("set/more", 10)
        let early = try early()
        let part = try complete(other, 0, in: early)
        let area = try whole(after: early)
        #expect(area.held.isEmpty)
        try tree.fill(area)
        #expect(try area.finish())
        try tree.expectInPlace(in: folder)
        let piece = PieceIndex(part.geometry.pieceCount - 1)
        #expect(try other.read(piece, from: part) == other.piece(piece, of: other.manifest()))
    }

    /// A run that is killed before the archive is read to its end finds the pieces again, and one
    /// that is killed later, when the next run lists the tree at once, finds the complete files.
    @Test func theNextRunContinues() throws {
        var early = try early()
        let area = try complete(first, 0, in: early)
        let part = try #require(try open(second, 1, in: early))
        try second.write(PieceIndex(0), to: part)
        try leave(area, part, in: early)
        early = try self.early()
        let again = try #require(try open(first, 0, in: early))
        let rest = try #require(try open(second, 1, in: early))
        #expect(again.isWhole && rest.holds(PieceIndex(0)) && !rest.isWhole)
        try leave(again, rest, in: early)
        let area2 = try whole()
        #expect(area2.holds(PieceIndex(0)) && !area2.holds(PieceIndex(4)))
        #expect(try tree.fill(area2) < area2.geometry.pieceCount)
        #expect(try area2.finish())
        try tree.expectInPlace(in: folder)
    }

    @Test func theNextRunTakesThePartsAfterTheTreeHasBegun() throws {
        var early = try early()
        try complete(first, 0, in: early)
        try complete(second, 1, in: early)
        try whole(after: early).abandon()
        let area = try whole()
        #expect(area.isWhole)
        try area.abandon()
        early = try self.early()
        try complete(first, 0, in: early)
        #expect(try whole(after: early).finish())
        try tree.expectInPlace(in: folder)
    }

    /// Up to 16 parts grow at once, and a kill loses what is not noted of each.
    @Test func fewPiecesOfAPartAreNotNoted() throws {
        var large = SampleTree()
        large.pieceLength = 256 << 10
        try large.folder("set")
        try large.file("set/x", 1 << 20)
        let part = try #require(try open(large, 0, in: early()))
        try large.write(PieceIndex(2), to: part)
        let state = try readWhole(path: scratch.path("out/.set.mpiswarm-part/state.0"))
        let record = try #require(PartRecord(state[112..<168]))
        #expect(!record.isFile && record.number == 2)
    }

    /// Another process altered a file between the part and the names.
    @Test(arguments: [false, true], ["printf x >> last", "printf x | dd of=last conv=notrunc"])
    func anAlteredFileComesAgain(isTrusted: Bool, change: String) throws {
        let early = try early()
        if isTrusted { early.trustNames() }
        try complete(first, 0, in: early)
        try complete(second, 1, in: early)
        let area = try whole(after: early)
        try scratch.shell("cd out/.set.mpiswarm-part/tree/set && \(change) 2>/dev/null")
        #expect(try !area.finish())
        #expect(try tree.fill(area) > 0)
        #expect(try area.finish())
        try tree.expectInPlace(in: folder)
    }

    @Test func whatOtherArchivesLeftIsRemoved() throws {
        var early = try early()
        var other = SampleTree()
        try other.folder("set")
        try other.folder("set/a")
        try other.file("set/a/deep", 30)
        try other.file("set/old", 30)
        let area = try complete(other, 0, in: early)
        try leave(area, in: early)
        early = try self.early()
        try complete(first, 0, in: early)
        try complete(second, 1, in: early)
        #expect(try whole(after: early).finish())
        try tree.expectInPlace(in: folder)
    }

    /// Where there is room for one copy of the tree, and not for two.
    private func onSmallDisk(_ body: (SampleTree, EarlyTree) throws -> Void) throws {
        guard geteuid() == 0 else { return }
        try scratch.folder("out")
        try scratch.shell("mount -t tmpfs -o size=20m tmpfs out")
        defer { do { try scratch.shell("umount out") } catch { Issue.record(error) } }
        var large = SampleTree()
        large.pieceLength = 1 << 20
        try large.folder("set")
        try large.file("set/x", 3 << 20)
        try body(large, early())
    }

    @Test func whatIsTakenNeedsNoRoom() throws {
        try onSmallDisk { large, early in
            let part = try complete(large, 0, in: early)
            let manifest = try large.manifest()
            #expect(throws: PartError.self) {
                _ = try PartArea(
                    manifest, fingerprint: Digest128(high: 1, low: 2), base: folder,
                    rename: RelativePath("other-name"))
            }
            let area = try PartArea(
                manifest, fingerprint: Digest128(high: 1, low: 2), base: folder, after: early)
            #expect(area.isWhole && part.isWhole)
            #expect(try area.finish())
            try large.expectInPlace(in: folder)
        }
    }

    /// A part that failed has left most of a file. The tree needs room for the rest only.
    @Test func whatAnIncompletePartHasLeftIsUsed() throws {
        try onSmallDisk { large, early in
            let part = try #require(try open(large, 0, in: early))
            for position in 0..<2 { try large.write(PieceIndex(position), to: part) }
            let area = try PartArea(
                large.manifest(), fingerprint: Digest128(high: 1, low: 2), base: folder,
                after: early)
            #expect(area.held.isEmpty)
            try large.fill(area)
            #expect(try area.finish())
            try large.expectInPlace(in: folder)
        }
    }
}
