import CLinux
import Content
import Glibc
import Testing
import Vocabulary

@testable import Storage

@Suite struct PartAreaTests {
    private let scratch: Scratch
    private let tree: SampleTree

    init() throws {
        scratch = try Scratch()
        tree = try SampleTree.everything()
    }

    @Test(arguments: [false, true], [nil, "new"])
    func everythingArrives(syncs: Bool, rename: String?) throws {
        let base = scratch.path("base/deeper")
        let area = try tree.area(in: base, rename: rename, PartOptions(syncs: syncs))
        #expect(try scratch.names("base/deeper") == [".\(rename ?? "set").mpiswarm-part"])
        let count = area.geometry.pieceCount
        let written = try tree.fill(area)
        // Most of the sparse file's pieces are never sent.
        #expect(written < 20 && count > 200 && area.held.count == count)
        for position in 0..<count {
            let piece = PieceIndex(position)
            let isSame = try tree.read(piece, from: area) == tree.piece(piece, of: tree.manifest())
            #expect(isSame, "piece \(position) while growing")
        }
        try area.finish()
        try tree.expectInPlace(in: base, rename: rename)
        #expect(try scratch.names("base/deeper") == [rename ?? "set"])
        for position in 0..<count {
            let piece = PieceIndex(position)
            let isSame = try tree.read(piece, from: area) == tree.piece(piece, of: tree.manifest())
            #expect(isSame, "piece \(position) at the end")
        }
        let holes = tree.status("\(base)/\(rename ?? "set")/holes")
        #expect(holes.st_blocks * 512 < 40_000)
    }

    @Test func nothingHasItsNameBefore() throws {
        let area = try tree.area(in: scratch.path)
        try tree.fill(area)
        #expect(try scratch.names() == [".set.mpiswarm-part"])
        #expect(tree.status(scratch.path(".set.mpiswarm-part")).st_mode & 0o777 == 0o700)
        try area.abandon()
        #expect(try scratch.names() == [".set.mpiswarm-part"])
    }

    /// A folder that begins with the name of the file changes its name with it.
    @Test func topNamesChangeTogether() throws {
        let scratch = try Scratch()
        var pair = SampleTree()
        try pair.file("f", 9)
        try pair.folder("f_libs")
        try pair.file("f_libs/l", 7)
        let together = try pair.area(in: scratch.path, rename: "h")
        try pair.fill(together)
        #expect(try scratch.names() == [".h.mpiswarm-part"])
        try together.finish()
        #expect(try scratch.names() == ["h", "h_libs"])
        #expect(try scratch.names("h_libs") == ["l"])
    }

    @Test func oneFileAndManyTopNames() throws {
        var single = SampleTree()
        try single.file("f", 3456)
        let area = try single.area(in: scratch.path, rename: "g")
        try single.fill(area)
        try area.finish()
        try single.expectInPlace(in: scratch.path, rename: "g")
        var many = SampleTree()
        try many.file("a", 10)
        try many.folder("b")
        try many.file("b/c", 5)
        try many.file("d", 0)
        let second = try many.area(in: scratch.path)
        #expect(try scratch.names() == [".mpiswarm-part", "g"])
        try many.fill(second)
        try second.finish()
        try many.expectInPlace(in: scratch.path)
        #expect(try scratch.names() == ["a", "b", "d", "g"])
    }

    @Test func anEmptyTreeIsWholeFromTheStart() throws {
        var empty = SampleTree()
        try empty.folder("e")
        try empty.file("e/f", 0)
        let area = try empty.area(in: scratch.path)
        #expect(area.held.count == 0 && area.geometry.pieceCount == 0)
        try area.finish()
        try empty.expectInPlace(in: scratch.path)
    }

    @Test func aLongNameFindsItsPartArea() throws {
        var long = SampleTree()
        try long.file(String(repeating: "n", count: 255), 1500)
        let area = try long.area(in: scratch.path)
        try long.write(PieceIndex(0), to: area)
        try area.abandon()
        let again = try long.area(in: scratch.path)
        #expect(again.held.count == 1)
        try long.fill(again)
        try again.finish()
        try long.expectInPlace(in: scratch.path)
    }

    @Test func aSecondJobIsRefused() throws {
        let area = try tree.area(in: scratch.path)
        #expect(throws: PartError.busy(path: scratch.path(".set.mpiswarm-part"))) {
            _ = try tree.area(in: scratch.path)
        }
        try area.abandon()
        let next = try tree.area(in: scratch.path)
        try tree.fill(next)
        try next.finish()
    }

    @Test func aTreeThatDoesNotFitIsRefused() throws {
        var huge = SampleTree()
        huge.pieceLength = 16 << 20
        let length: Int64 = 1 << 47
        let extents = [Extent(start: 0, end: length)!]
        try huge.add("f", .file(length: length, extents: extents), mode: 0o644)
        let error = #expect(throws: PartError.self) { _ = try huge.area(in: scratch.path) }
        guard case .noRoom(_, let needed, let available, 0) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(needed == length && available < length)
        #expect(try scratch.names() == [])
    }

    @Test func aBaseThatIsNoFolderIsNamed() throws {
        try scratch.put("x", "file")
        let path = scratch.path("file")
        #expect(
            throws: PartError.storage(.system(call: "open", path: path, errno: ENOTDIR))
        ) {
            _ = try tree.area(in: path)
        }
        #expect(throws: PartError.self) { _ = try tree.area(in: "/proc/nothing/here") }
    }

    @Test func manyWorkersWriteAtOnce() throws {
        var wide = SampleTree()
        wide.pieceLength = 4096
        try wide.folder("w")
        for number in 0..<200 { try wide.file("w/\(1000 + number)", number * 37) }
        try wide.file("w/long", 300_000)
        let shared = wide
        let area = try wide.area(in: scratch.path)
        let threads = try (0..<4).map { worker in
            try TestThread {
                for position in stride(from: worker, to: area.geometry.pieceCount, by: 4) {
                    try shared.write(PieceIndex(position), to: area)
                }
            }
        }
        for thread in threads { try thread.join() }
        try area.finish()
        try wide.expectInPlace(in: scratch.path)
    }
}
