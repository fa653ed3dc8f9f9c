import Content
import Glibc
import Testing
import Vocabulary

@testable import Storage

/// What a copy has and its source lacks is found and removed.
@Suite struct ExtraWalkTests {
    private let scratch: Scratch
    private let manifest: TreeManifest

    init() throws {
        scratch = try Scratch()
        let tree = try SampleTree.everything()
        manifest = try tree.manifest()
        let area = try tree.area(in: scratch.path("d"))
        try tree.fill(area)
        #expect(try area.finish())
        try scratch.shell(
            """
            echo > d/beside && cd d/set && chmod 755 deep && mkdir -p new/sub deep/new other &&
            echo > new/sub/x && echo > deep/new/y && ln -s ../../out new/link && ln -s . around &&
            mkdir ../../out && echo > ../../out/kept && echo > z && chmod 555 deep
            """)
    }

    private func walk(
        removes: Bool, sources: [String] = [], standing: [Int: FileIdentity]? = nil,
        _ isCovered: @escaping @Sendable (ArraySlice<UInt8>, Bool) -> Bool = { _, _ in true }
    ) throws -> (lines: [String], error: StorageError?) {
        var terms = ExtraTerms()
        terms.treatment = removes ? .removed : .counted
        terms.isCovered = isCovered
        let tree = ExtraTree(layout: TreeLayout(manifest, rename: nil), standing: standing)
        let base = try OpenFile(opening: scratch.path("d"), flags: O_RDONLY | O_DIRECTORY)
        let kept = sources.compactMap { FileIdentity(path: scratch.path($0)) }
        var walk = try ExtraWalk(
            in: base, path: scratch.path("d"), [tree], terms, sources: Set(kept))
        try walk.walk()
        return (walk.list.named.map { "\($0.kind) \($0.path)" }.sorted(), walk.firstError)
    }

    private let all = [
        "set/around", "set/deep/new", "set/deep/new/y", "set/new", "set/new/link", "set/new/sub",
        "set/new/sub/x", "set/other", "set/z",
    ]

    private func listing() throws -> String {
        try scratch.shell("find d out -printf '%p %m %T@\\n' | sort")
    }

    @Test func extrasAreOnlyCountedUnlessTheyAreToBeRemoved() throws {
        let before = try listing()
        let found = try walk(removes: false)
        #expect(found.lines == all.map { "extra \($0)" } && found.error == nil)
        #expect(try listing() == before)
    }

    /// Folders keep their rights and get the date that they have in the source.
    @Test func onlyExtrasAreRemoved() throws {
        let found = try walk(removes: true)
        #expect(found.lines == all.map { "removed \($0)" } && found.error == nil)
        #expect(try walk(removes: false).lines == [])
        #expect(try scratch.shell("ls out d") == "d:\nbeside\nset\n\nout:\nkept\n")
        let dates = try scratch.shell("stat -c '%a %Y' d/set d/set/deep")
        #expect(dates == "755 1600000000\n555 1600000000\n")
    }

    /// As with rsync, a folder stays with what is excluded in it.
    @Test func excludedEntriesAndPartFoldersStay() throws {
        try scratch.shell("mkdir d/set/new/.x.mpiswarm-part d/set/other/kept")
        let found = try walk(removes: true) { path, _ in !path.elementsEqual("other/kept".utf8) }
        #expect(
            found.lines
                == [
                    "set/around", "set/deep/new", "set/deep/new/y", "set/new/link", "set/new/sub",
                    "set/new/sub/x", "set/z",
                ].map { "removed \($0)" })
        #expect(
            try scratch.shell("ls -A d/set/new d/set/other") == """
                d/set/new:
                .x.mpiswarm-part

                d/set/other:
                kept

                """)
    }

    /// A link in the place of a folder of the source is not followed.
    @Test func aLinkInThePlaceOfAFolderIsLeftAlone() throws {
        try scratch.shell("cd d/set && chmod 755 deep && rm -r deep && ln -s ../../out deep")
        #expect(try walk(removes: true).error == nil)
        #expect(try scratch.shell("ls out") == "kept\n")
    }

    /// What one content has, another content of the same copy need not have.
    @Test func contentsOfOneCopyAreTakenTogether() throws {
        var other = SampleTree()
        try other.folder("set")
        try other.folder("set/new")
        try other.file("set/z", 3)
        let trees = [manifest, try other.manifest()].map {
            ExtraTree(layout: TreeLayout($0, rename: nil), standing: nil)
        }
        let base = try OpenFile(opening: scratch.path("d"), flags: O_RDONLY | O_DIRECTORY)
        var terms = ExtraTerms()
        terms.treatment = .counted
        var walk = try ExtraWalk(in: base, path: scratch.path("d"), trees, terms)
        try walk.walk()
        let named = walk.list.named
        #expect(
            named.map(\.path.description).sorted() == [
                "set/around", "set/deep/new", "set/deep/new/y", "set/new/link", "set/new/sub",
                "set/new/sub/x", "set/other",
            ])
    }

    /// The source that is the copy has nothing to be removed, nor does one inside the copy.
    @Test func aSourceIsNeverSearched() throws {
        #expect(try walk(removes: true, sources: ["d/set"]).lines == [])
        let found = try walk(removes: true, sources: ["d/set/new/sub"])
        #expect(!found.lines.contains { $0.contains("set/new/sub") || $0 == "removed set/new" })
        #expect(try scratch.shell("ls d/set/new/sub") == "x\n")
    }

    /// A folder that another process has put into the place of the one that the job found stays as
    /// it is, and so does one that was not there before.
    @Test func onlyFoldersThatTheJobFoundAreCleared() throws {
        let layout = TreeLayout(manifest, rename: nil)
        let deep = try #require(layout.entry(at: RelativePath("set/deep")))
        let top = try #require(layout.entry(at: RelativePath("set")))
        let set = try #require(FileIdentity(path: scratch.path("d/set")))
        let other = try #require(FileIdentity(path: scratch.path("out")))
        let moved = try walk(removes: true, standing: [top: set, deep: other])
        #expect(moved.error == .displaced(path: scratch.path("d/set/deep")))
        #expect(try scratch.shell("ls d/set/deep/new") == "y\n")
        #expect(try walk(removes: true, standing: [top: set]).lines == [])
        #expect(try scratch.shell("ls d/set/deep/new") == "y\n")
    }

    /// A mount of the same file system has the same device, and what lies there is not of the copy.
    @Test(.enabled(if: geteuid() == 0)) func aMountIsNotSearched() throws {
        try scratch.shell("mkdir -p d/set/new/mount && mount --bind out d/set/new/mount")
        let found = Result { try walk(removes: true) }
        try scratch.shell("umount d/set/new/mount")
        #expect(try scratch.shell("ls out") == "kept\n")
        #expect(try found.get().error == nil && found.get().lines.contains("removed set/z"))
    }
}
