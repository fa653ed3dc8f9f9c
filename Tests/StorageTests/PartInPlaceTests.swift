import CLinux
import Content
import Glibc
import Testing
import Vocabulary

@testable import Storage

/// Destinations that hold files already.
@Suite struct PartInPlaceTests {
    private let scratch: Scratch
    private let tree: SampleTree

    init() throws {
        scratch = try Scratch()
        tree = try SampleTree.everything()
    }

    private func stage(_ options: PartOptions = PartOptions()) throws -> Int {
        let area = try tree.area(in: scratch.path, options)
        let written = try tree.fill(area)
        try area.finish()
        return written
    }

    private func inode(_ path: String) -> UInt64 { UInt64(tree.status(scratch.path(path)).st_ino) }

    @Test func aSecondJobWritesNothing() throws {
        _ = try stage()
        let before = ["set", "set/a", "set/deep", "set/deep/z", "set/deep/up"].map(inode)
        #expect(try stage() == 0)
        #expect(before == ["set", "set/a", "set/deep", "set/deep/z", "set/deep/up"].map(inode))
        try tree.expectInPlace(in: scratch.path)
        #expect(try scratch.names() == ["set"])
    }

    /// The file's bytes are there: only the link is missing.
    @Test(arguments: ["set/a", "set/deep/z"]) func aLostNameOfAFileIsMended(lost: String) throws {
        _ = try stage()
        try removeName(lost)
        let kept = inode(lost == "set/a" ? "set/deep/z" : "set/a")
        #expect(try stage() == 0)
        #expect(inode("set/a") == kept && inode("set/deep/z") == kept)
        try tree.expectInPlace(in: scratch.path)
        #expect(try scratch.names() == ["set"])
    }

    /// If the folder of the name is gone too, the file is fetched again.
    @Test func aLostFolderOfNamesIsMended() throws {
        var tree = SampleTree()
        try tree.folder("set")
        try tree.folder("set/a")
        try tree.file("set/a/x", 2500)
        try tree.sameFile("set/y", as: "set/a/x")
        for isLost in [false, true] {
            if isLost {
                #expect(unsafe unlink(scratch.path("set/a/x")) == 0)
                #expect(unsafe rmdir(scratch.path("set/a")) == 0)
            }
            let area = try tree.area(in: scratch.path)
            #expect(try tree.fill(area) == 3)
            try area.finish()
            try tree.expectInPlace(in: scratch.path)
        }
    }

    /// A copy that was made without its links gets them.
    @Test func aSecondFileWithTheSameBytesBecomesAName() throws {
        _ = try stage()
        try removeName("set/deep/z")
        #expect(unsafe chmod(scratch.path("set/deep"), 0o755) == 0)
        try tree.put("set/a", as: "set/deep/z", in: scratch.path)
        #expect(try stage() == 0)
        #expect(inode("set/a") == inode("set/deep/z"))
        try tree.expectInPlace(in: scratch.path)
    }

    private func removeName(_ path: String) throws {
        #expect(unsafe chmod(scratch.path("set/deep"), 0o755) == 0)
        #expect(unsafe unlink(scratch.path(path)) == 0)
    }

    @Test func rightFilesAreKeptAndFoldersMergedInto() throws {
        try scratch.folder("set/deep/other")
        try scratch.put("mine", "set/mine")
        try tree.put("set/a", in: scratch.path)
        let before = inode("set/a")
        let area = try tree.area(in: scratch.path)
        #expect(area.holds(PieceIndex(0)) && area.holds(PieceIndex(1)))
        #expect(!area.holds(PieceIndex(2)) && area.digest(of: PieceIndex(0)) == nil)
        #expect(
            try tree.read(PieceIndex(1), from: area)
                == tree.piece(PieceIndex(1), of: tree.manifest()))
        try tree.fill(area)
        try area.finish()
        #expect(inode("set/a") == before)
        #expect(try scratch.text("set/mine") == "mine")
        #expect(try scratch.names("set/deep").contains("other"))
        try tree.expectInPlace(in: scratch.path)
    }

    @Test func differentFilesAreNamedAndRefused() throws {
        try scratch.folder("set/deep")
        try tree.put("set/a", in: scratch.path, changing: 3)
        try scratch.put("other", "set/deep/b")
        try scratch.put("other", "set/deep/empty")
        try scratch.put("same date, other length", "set/last")
        let area = #expect(
            throws: PartError.exists(path: scratch.path("set/deep/b"), .other, more: 2)
        ) {
            _ = try tree.area(in: scratch.path)
        }
        _ = area
        #expect(try scratch.names() == ["set"])
        #expect(throws: PartError.exists(path: scratch.path("set/deep/empty"), .noFolder, more: 0))
        {
            _ = try tree.area(in: scratch.path, PartOptions(overwrites: true))
        }
    }

    @Test func differentFilesAreOverwrittenOnRequestAtTheEnd() throws {
        try scratch.folder("set/deep")
        try scratch.put("old", "set/a")
        try scratch.put("old", "set/deep/z")
        try scratch.put("old", "set/dangling")
        try scratch.link("set/last", to: "a")
        let area = try tree.area(in: scratch.path, PartOptions(overwrites: true))
        try tree.fill(area)
        #expect(try scratch.text("set/a") == "old")
        try area.finish()
        try tree.expectInPlace(in: scratch.path)
    }

    @Test(arguments: ["set/deep/b", "set"])
    func aFileOrLinkInPlaceOfAFolderIsRefused(name: String) throws {
        try scratch.folder("elsewhere")
        if name == "set" {
            try scratch.link("set", to: "elsewhere")
        } else {
            try scratch.folder("set/deep/b")
        }
        let obstacle: PartError.Obstacle = name == "set" ? .noFolder : .folder
        for overwrites in [false, true] {
            #expect(throws: PartError.exists(path: scratch.path(name), obstacle, more: 0)) {
                _ = try tree.area(in: scratch.path, PartOptions(overwrites: overwrites))
            }
        }
        #expect(try scratch.names("elsewhere") == [])
    }

    @Test func linksInTheWayAreNeverFollowed() throws {
        try scratch.folder("elsewhere")
        try scratch.put("precious", "elsewhere/b")
        // The link is in place of the part area.
        try scratch.link(".set.mpiswarm-part", to: "elsewhere")
        #expect(throws: PartError.self) { _ = try tree.area(in: scratch.path) }
        #expect(unsafe unlink(scratch.path(".set.mpiswarm-part")) == 0)
        // Two links are in place of a folder and a file.
        let area = try tree.area(in: scratch.path)
        try scratch.folder(".set.mpiswarm-part/tree/set")
        try scratch.link(".set.mpiswarm-part/tree/set/deep", to: scratch.path("elsewhere"))
        try scratch.link(".set.mpiswarm-part/tree/set/last", to: scratch.path("elsewhere/b"))
        let last = PieceIndex(area.geometry.pieceCount - 1)
        #expect(throws: StorageError.self) { try tree.write(last, to: area) }
        #expect(throws: StorageError.self) { try tree.write(PieceIndex(2), to: area) }
        #expect(try scratch.names("elsewhere") == ["b"])
        #expect(try scratch.text("elsewhere/b") == "precious")
        #expect(!area.holds(last))
    }

    /// A folder of the time when the job began is a link when the names are given.
    @Test func aFolderThatBecomesALinkIsNotWrittenThrough() throws {
        try scratch.folder("set/deep")
        try scratch.folder("elsewhere")
        let area = try tree.area(in: scratch.path)
        try tree.fill(area)
        #expect(unsafe rmdir(scratch.path("set/deep")) == 0)
        try scratch.link("set/deep", to: scratch.path("elsewhere"))
        #expect(throws: StorageError.self) { try area.finish() }
        #expect(try scratch.names("elsewhere") == [])
    }

    /// With `openat2`, and with the walk for kernels without it.
    @Test(arguments: [false, true])
    func filesAreMadeThroughNoLink(usingWalk: Bool) throws {
        try scratch.folder("base/in")
        try scratch.folder("elsewhere")
        try scratch.link("base/out", to: "../elsewhere")
        try scratch.link("base/dangling", to: "../elsewhere/new")
        let path = scratch.path("base")
        let base = try OpenFile(opening: path, flags: O_RDONLY | O_DIRECTORY)
        for (name, isMade) in [("in/f", true), ("out/f", false), ("dangling", false)] {
            let name = try RelativePath(name)
            do throws(StorageError) {
                _ = try OpenFile(
                    beneath: base, name, path: path, flags: O_RDWR | O_CREAT, mode: 0o600,
                    usingWalk: usingWalk)
                #expect(isMade, "\(name)")
            } catch {
                #expect(!isMade, "\(name): \(error)")
            }
        }
        #expect(try scratch.names("elsewhere") == [] && scratch.names("base/in") == ["f"])
        #expect(tree.status(scratch.path("base/in/f")).st_mode & 0o7777 == 0o600)
    }

    @Test func rightsOfRightFilesAreSet() throws {
        _ = try stage()
        #expect(unsafe chmod(scratch.path("set/last"), 0o600) == 0)
        let before = inode("set/last")
        #expect(try stage() == 0)
        #expect(inode("set/last") == before)
        try tree.expectInPlace(in: scratch.path)
    }
}
