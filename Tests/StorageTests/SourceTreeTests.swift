import Glibc
import Testing
import Vocabulary

@testable import Storage

@Suite struct SourceTreeTests {
    private let scratch: Scratch

    init() throws {
        scratch = try Scratch()
        try scratch.folder("tree/a/deep")
        try scratch.put("1", "tree/a/deep/f")
        try scratch.put("22", "tree/a-")
        try scratch.put("333", "secret")
        try scratch.link("tree/out", to: "../secret")
        try scratch.link("tree/a/up", to: "..")
        try scratch.link("tree/in", to: "a-")
    }

    /// With `openat2`, and with the walk for kernels without it.
    private func errorOfOpening(_ name: String, usingWalk: Bool) throws -> Int32? {
        let path = scratch.path("tree")
        let folder = try OpenFile(opening: path, flags: O_RDONLY | O_DIRECTORY)
        let name = try RelativePath(name)
        do throws(StorageError) {
            _ = try OpenFile(beneath: folder, name, path: path, usingWalk: usingWalk)
            return nil
        } catch .system(_, _, let code) {
            return code
        }
    }

    @Test(arguments: [false, true])
    func nothingIsOpenedThroughALink(usingWalk: Bool) throws {
        #expect(try errorOfOpening("a-", usingWalk: usingWalk) == nil)
        #expect(try errorOfOpening("a/deep/f", usingWalk: usingWalk) == nil)
        #expect(try errorOfOpening("missing", usingWalk: usingWalk) == ENOENT)
        #expect(try errorOfOpening("out", usingWalk: usingWalk) == ELOOP)
        #expect(try errorOfOpening("in", usingWalk: usingWalk) == ELOOP)
        let through = try errorOfOpening("a/up/a-", usingWalk: usingWalk)
        #expect(through == ELOOP || through == ENOTDIR)
        #expect(try errorOfOpening("a-/f", usingWalk: usingWalk) == ENOTDIR)
    }

    @Test func filesAreListedByName() throws {
        let tree = try SourceTree(path: scratch.path("tree"))
        let listing = try tree.list(without: nil)
        #expect(listing.files.map(\.path.description) == ["a-", "a/deep/f"])
        #expect(listing.files.map(\.length) == [2, 1])
        #expect(listing.leftOut.map(\.description) == ["a/up", "in", "out"])
        let less = try tree.list(without: FileIdentity(path: scratch.path("tree/a-")))
        #expect(less.files.map(\.path.description) == ["a/deep/f"])
    }

    @Test func unusableNamesAreReported() throws {
        try scratch.put("", "tree/a/b\u{7}")
        let path = scratch.path("tree")
        #expect(throws: StorageError.badName("b\u{7}", in: "\(path)/a", .control)) {
            _ = try SourceTree(path: path).list(without: nil)
        }
    }

    @Test func filesAreReadToTheirEnd() throws {
        let tree = try SourceTree(path: scratch.path("secret"))
        let file = try tree.open(nil)
        #expect(!tree.isFolder && file.state.length == 3)
        var buffer = [UInt8](repeating: 0, count: 2)
        #expect(try file.read(into: &buffer) == 2)
        #expect(try file.read(into: &buffer) == 1)
        #expect(try file.read(into: &buffer) == 0)
    }

    @Test func onlyFilesAreReplaced() throws {
        try scratch.folder("there")
        #expect(throws: StorageError.notAFile(path: scratch.path("there"))) {
            try writeWhole([1], path: scratch.path("there"))
        }
        try writeWhole(Array("new".utf8), path: scratch.path("secret"))
        #expect(try scratch.text("secret") == "new")
        #expect(throws: StorageError.notAFile(path: "/dev/null")) {
            try writeWhole([1], path: "/dev/null")
        }
    }
}
