import CLinux
import Content
import Glibc
import Testing
import Vocabulary

@testable import Storage

/// Folders in which other users may create files too: theirs are not continued.
@Suite struct PartOwnerTests {
    private let scratch: Scratch
    private let tree: SampleTree
    private static let isRoot = geteuid() == 0
    /// The number of the user `nobody`.
    private static let stranger: uid_t = 65_534

    init() throws {
        scratch = try Scratch()
        tree = try SampleTree.everything()
    }

    private var area: String { scratch.path(".set.mpiswarm-part") }

    private func give(_ name: String) {
        #expect(unsafe chown("\(area)/\(name)", Self.stranger, Self.stranger) == 0)
    }

    private func expectRefused(_ name: String = "") {
        #expect(throws: PartError.storage(.foreign(path: area + name))) {
            _ = try tree.area(in: scratch.path)
        }
    }

    private func leaveHalf() throws {
        let half = try tree.area(in: scratch.path)
        try tree.fill(half)
        try half.abandon()
    }

    @Test(.enabled(if: isRoot, "needs root")) func anEmptyFolderOfAnotherUserIsRefused() throws {
        try scratch.folder(".set.mpiswarm-part")
        give("")
        expectRefused()
        #expect(try scratch.names() == [".set.mpiswarm-part"])
        #expect(try scratch.names(".set.mpiswarm-part") == [])
    }

    /// Root may enter every folder, so this thread opens it as the user `nobody`.
    @Test(.enabled(if: isRoot, "needs root")) func aFolderThatMayNotBeEnteredIsRefused() throws {
        try leaveHalf()
        #expect(unsafe chown(area, 1, 1) == 0 && chmod(scratch.path, 0o777) == 0)
        _ = clinux_open_files_as(Self.stranger)
        defer { _ = clinux_open_files_as(0) }
        expectRefused()
    }

    @Test(.enabled(if: isRoot, "needs root"), arguments: ["", "/lock", "/tree", "/state"])
    func aHalfDoneJobOfAnotherUserIsRefused(name: String) throws {
        try leaveHalf()
        give(name)
        expectRefused(name)
    }

    @Test(arguments: ["", "/lock", "/tree", "/state"], [0o720, 0o702])
    func aHalfDoneJobThatOthersMayWriteToIsRefused(name: String, mode: Int) throws {
        try leaveHalf()
        #expect(unsafe chmod(area + name, mode_t(mode)) == 0)
        expectRefused(name)
    }

    @Test(arguments: ["/lock", "/state"]) func aFileThatHasAnotherNameIsRefused(name: String) throws
    {
        try leaveHalf()
        #expect(unsafe link(area + name, scratch.path("other")) == 0)
        expectRefused(name)
    }

    @Test func aPipeInPlaceOfAFileIsNotWaitedFor() throws {
        try leaveHalf()
        for name in ["/lock", "/state"] {
            #expect(unsafe unlink(area + name) == 0)
            #expect(unsafe mkfifo(area + name, 0o600) == 0)
            expectRefused(name)
            #expect(unsafe unlink(area + name) == 0)
        }
    }

    /// The growing file is fetched again, and is ours when it has its name.
    @Test(.enabled(if: isRoot, "needs root"), arguments: ["set/a", "set/deep/c", "set"])
    func aGrowingFileOfAnotherUserIsFetchedAgain(name: String) throws {
        try leaveHalf()
        give("tree/\(name)")
        let next = try tree.area(in: scratch.path)
        try tree.fill(next)
        #expect(try next.finish())
        try tree.expectInPlace(in: scratch.path)
        for file in ["set", "set/a", "set/deep/c"] {
            #expect(tree.status(scratch.path(file)).st_uid == geteuid())
        }
    }
}
