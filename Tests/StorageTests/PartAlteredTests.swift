import CLinux
import Content
import Glibc
import Testing
import Vocabulary

@testable import Storage

/// Another process writes to growing files: none of its bytes ever get a name.
@Suite struct PartAlteredTests {
    private let scratch: Scratch
    private let tree: SampleTree

    /// A file in many pieces, one in a single piece, one with holes.
    private static let files = ["set/a", "set/deep/c", "set/holes"]

    init() throws {
        scratch = try Scratch()
        tree = try SampleTree.everything()
    }

    private func growing(_ name: String) -> String { ".set.mpiswarm-part/tree/\(name)" }

    /// Expects every held piece to be right.
    private func expectRight(_ area: PartArea) throws {
        for position in 0..<area.geometry.pieceCount where area.holds(PieceIndex(position)) {
            let piece = PieceIndex(position)
            let isSame = try tree.read(piece, from: area) == tree.piece(piece, of: tree.manifest())
            #expect(isSame, "piece \(position) is held and wrong")
        }
    }

    private func finish(_ area: PartArea) throws {
        var tries = 0
        try tree.fill(area)
        while try !area.finish() {
            #expect(try scratch.names().contains("set") == false)
            try tree.fill(area)
            tries += 1
            guard tries < 10 else {
                Issue.record("it is never finished")
                return
            }
        }
        try tree.expectInPlace(in: scratch.path)
        #expect(
            try scratch.names("set") == ["a", "dangling", "deep", "holes", "last"])
        #expect(try scratch.names("set/deep") == ["b", "c", "empty", "nothing", "up", "z"])
    }

    @Test(arguments: Alteration.allCases, files)
    func betweenTwoJobs(alteration: Alteration, file: String) throws {
        let area = try tree.area(in: scratch.path)
        try tree.fill(area)
        try area.abandon()
        try alteration.apply(to: growing(file), in: scratch)
        let next = try tree.area(in: scratch.path)
        try expectRight(next)
        try finish(next)
    }

    /// The job is killed before its last lines are written.
    @Test(arguments: Alteration.allCases, files)
    func afterAKill(alteration: Alteration, file: String) throws {
        do {
            let area = try tree.area(in: scratch.path)
            let count = area.geometry.pieceCount
            let missing = (0..<count).map(PieceIndex.init).filter { !area.holds($0) }
            for piece in missing.dropLast(2) { try tree.write(piece, to: area) }
            try area.flush()
            try tree.write(missing[missing.count - 2], to: area)
        }
        try alteration.apply(to: growing(file), in: scratch)
        let next = try tree.area(in: scratch.path)
        try expectRight(next)
        try finish(next)
    }

    @Test(arguments: Alteration.allCases, files)
    func whileTheJobRuns(alteration: Alteration, file: String) throws {
        let area = try tree.area(in: scratch.path)
        try tree.fill(area)
        try alteration.apply(to: growing(file), in: scratch)
        try finish(area)
    }

    /// The last note on a file is written after the alteration.
    @Test(arguments: [Alteration.bytes, .bytesAndDate, .truncatedAndBack, .replaced, .removed])
    func betweenTwoWrites(alteration: Alteration) throws {
        let area = try tree.area(in: scratch.path)
        for piece in 0..<2 { try tree.write(PieceIndex(piece), to: area) }
        try alteration.apply(to: growing("set/a"), in: scratch)
        try tree.write(PieceIndex(2), to: area)
        try finish(area)
    }

    /// The file was noted as this job left it, not as another process left it.
    @Test func anAlteredFileIsNotNotedAsRight() throws {
        do {
            let area = try tree.area(in: scratch.path)
            for piece in 0..<2 { try tree.write(PieceIndex(piece), to: area) }
            try Alteration.bytesAndDate.apply(to: growing("set/a"), in: scratch)
            try tree.write(PieceIndex(2), to: area)
            try area.abandon()
        }
        let next = try tree.area(in: scratch.path)
        #expect(!next.holds(PieceIndex(1)))
        try expectRight(next)
        try finish(next)
    }

    /// A file that no process has touched need not be read.
    @Test func anUnchangedFileIsBelieved() throws {
        let area = try tree.area(in: scratch.path)
        try tree.fill(area)
        try area.abandon()
        for _ in 0..<2 {
            let next = try tree.area(in: scratch.path, PartOptions(rereads: true))
            #expect(next.held.count == next.geometry.pieceCount)
            try next.abandon()
        }
        try Alteration.bytesAndDate.apply(to: growing("set/deep/c"), in: scratch)
        let other = try tree.area(in: scratch.path, PartOptions(rereads: true))
        #expect(other.geometry.pieceCount - other.held.count == 1)
        try finish(other)
    }

    /// The alteration was noticed, and a later job knows of it.
    @Test func anAlteredFileIsNotBelievedLater() throws {
        do {
            let area = try tree.area(in: scratch.path)
            try tree.fill(area)
            try Alteration.bytes.apply(to: growing("set/a"), in: scratch)
            #expect(try !area.finish())
            // Here the job is killed.
        }
        let next = try tree.area(in: scratch.path)
        #expect(!next.holds(PieceIndex(1)))
        try finish(next)
    }

    /// The first attempt fails at a folder in the place of a link, after it has met one in that of
    /// a file. The file has to come again, whatever happens to the folders.
    @Test func aFileThatWasReplacedBeforeAFailureComesAgain() throws {
        let area = try tree.area(in: scratch.path)
        try tree.fill(area)
        try Alteration.removed.apply(to: growing("set/a"), in: scratch)
        try scratch.folder(growing("set/a"))
        try scratch.folder(growing("set/dangling"))
        #expect(throws: StorageError.self) { try area.finish() }
        for name in ["a", "dangling"] { _ = unsafe rmdir(scratch.path(growing("set/\(name)"))) }
        try expectRight(area)
        try finish(area)
    }

    /// The copy gets no entry that is not in the tree.
    @Test(arguments: [false, true]) func foreignEntriesAreRemoved(isResumed: Bool) throws {
        var area = try tree.area(in: scratch.path)
        try tree.fill(area)
        if isResumed { try area.abandon() }
        try scratch.put("x", growing("set/stranger"))
        try scratch.folder(growing("set/deep/more/of it"))
        try scratch.link(growing("set/deep/another"), to: "/")
        if isResumed { area = try tree.area(in: scratch.path) }
        try finish(area)
    }

    @Test func theStateOfAnOlderVersionIsNotBelieved() throws {
        let area = try tree.area(in: scratch.path)
        try tree.fill(area)
        try area.abandon()
        var lines = try readWhole(path: scratch.path(".set.mpiswarm-part/state"))
        lines[4] = 1
        try writeWhole(lines, path: scratch.path(".set.mpiswarm-part/state"))
        #expect(unsafe chmod(scratch.path(".set.mpiswarm-part/state"), 0o600) == 0)
        try finish(try tree.area(in: scratch.path))
    }

    @Test(arguments: 0..<20) func aStateFileWithOtherBytesMisleadsNoJob(seed: Int) throws {
        var chance = Chance(seed: UInt64(seed))
        let area = try tree.area(in: scratch.path)
        try tree.fill(area)
        try area.abandon()
        try Alteration.bytesAndDate.apply(to: growing("set/a"), in: scratch)
        var lines = try readWhole(path: scratch.path(".set.mpiswarm-part/state"))
        for _ in 0..<3 { lines[chance.below(lines.count)] ^= UInt8(1 + chance.below(255)) }
        try writeWhole(lines, path: scratch.path(".set.mpiswarm-part/state"))
        #expect(unsafe chmod(scratch.path(".set.mpiswarm-part/state"), 0o600) == 0)
        let next = try tree.area(in: scratch.path)
        try expectRight(next)
        try finish(next)
    }
}
