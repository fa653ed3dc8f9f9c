import Content
import Glibc
import Testing
import Vocabulary

@testable import Storage

@Suite struct LinkedExecutableTests {
    private let scratch: Scratch

    init() throws {
        scratch = try Scratch()
        for folder in ["bin", "env", "system", "real"] { try scratch.folder(folder) }
        try scratch.put(
            SampleElf(needed: ["liba.so.1", "libb.so", "libs.so", "/abs/libz.so"]).bytes, "bin/x")
        try scratch.put(SampleElf(needed: ["libb2.so"]).bytes, "real/liba.so.1.2")
        try scratch.link("env/liba.so.1", to: "../real/liba.so.1.2")
        try scratch.put(SampleElf().bytes, "env/libb.so")
        try scratch.link("env/libb2.so", to: "libb.so")
        try scratch.put(SampleElf().bytes, "system/libs.so")
    }

    private func executable(
        skipping skipped: [String] = [], needed: [String]? = nil, rules: [FilterRule] = []
    ) throws -> LinkedExecutable {
        try scratch.put(
            SampleElf(needed: needed ?? ["liba.so.1", "libb.so", "libs.so"]).bytes, "bin/x")
        let scratch = scratch
        return LinkedExecutable(of: scratch.path("bin/x"), as: try RelativePath("x")) {
            var terms = LibraryTerms(machine: SampleElf.machine)
            terms.searched = [scratch.path("env"), scratch.path("system")]
            terms.skippedFolders = skipped.map { scratch.path($0) }
            terms.rules = rules
            return terms
        }
    }

    /// Each library has the name by which it is searched for, and one that has two names is one
    /// file.
    @Test func theLibrariesLieInAFolderBesideTheExecutable() throws {
        let listing = try executable().listing(preserves: false)
        #expect(
            listing.entries.map(\.path.description)
                == [
                    "x", "x_libs", "x_libs/liba.so.1", "x_libs/libb.so", "x_libs/libb2.so",
                    "x_libs/libs.so",
                ])
        #expect(listing.entries[1].body == .folder && listing.entries[1].mode == 0o755)
        #expect(listing.entries[4].body == .sameFile(as: try RelativePath("x_libs/libb.so")))
        #expect(listing.entries[2].length == Int64(SampleElf(needed: ["libb2.so"]).bytes.count))
        #expect(listing.skipped.isEmpty && !listing.isStatic)
    }

    /// The name of the file, and the one by which the executable searches for it.
    @Test func anAddedLibraryIsOneFileWithTwoNames() throws {
        try scratch.put(SampleElf(ownName: "libc1.so.1").bytes, "real/libc1.so.1.2")
        try scratch.put(SampleElf(needed: ["libc1.so.1"]).bytes, "bin/x")
        let scratch = scratch
        let executable = LinkedExecutable(of: scratch.path("bin/x"), as: try RelativePath("x")) {
            var terms = LibraryTerms(machine: SampleElf.machine)
            terms.added = [scratch.path("real/libc1.so.1.2")]
            return terms
        }
        let entries = try executable.listing(preserves: false).entries.dropFirst(2)
        #expect(
            entries.map(\.path.description) == ["x_libs/libc1.so.1", "x_libs/libc1.so.1.2"])
        #expect(entries.last?.body == .sameFile(as: try RelativePath("x_libs/libc1.so.1")))
    }

    @Test func librariesOfSkippedFoldersStayOnTheNodes() throws {
        try scratch.link("lib", to: "system")
        let listing = try executable(skipping: ["lib"]).listing(preserves: false)
        #expect(listing.skipped.map(\.description) == ["x_libs/libs.so"])
        #expect(!listing.entries.contains { $0.path.description == "x_libs/libs.so" })
    }

    /// The first pattern that matches the path, or a folder above it, decides; the skipped folders
    /// come last.
    @Test(arguments: [
        (["-libb*"], ["liba.so.1"]),
        (["+/**/system/libs.so"], ["liba.so.1", "libb.so", "libb2.so", "libs.so"]),
        (["+liba.so.1", "-*"], ["liba.so.1"]), (["-env/"], []),
        (["-**/env/libb*", "+*"], ["liba.so.1", "libs.so"]),
        (["-libs.so", "+system/"], ["liba.so.1", "libb.so", "libb2.so"]),
    ])
    func patternsChooseLibraries(patterns: [String], expected: [String]) throws {
        let rules = try patterns.map { text in
            let pattern = try #require(GlobPattern(bytes: Array(text.utf8.dropFirst())))
            return FilterRule(excludes: text.hasPrefix("-"), pattern)
        }
        let listing = try executable(skipping: ["system"], rules: rules).listing(preserves: false)
        let names = listing.entries.dropFirst(2).map { String($0.path.description.dropFirst(7)) }
        #expect(names == expected)
        #expect(names.count + listing.skipped.count == 4)
    }

    @Test func withoutLibrariesThereIsNoFolder() throws {
        let listing = try executable(skipping: ["env", "system"]).listing(preserves: false)
        #expect(listing.entries.map(\.path.description) == ["x"])
        let alone = try executable(needed: []).listing(preserves: false)
        #expect(alone.entries.map(\.path.description) == ["x"])
    }

    /// The bytes are those of the files that were found, wherever they lie.
    @Test func theSitesHaveTheBytesOfTheLibraries() throws {
        let executable = try executable()
        let entries = try executable.listing(preserves: false).entries
        let manifest = try TreeManifest(
            entries: entries, pieceLength: ByteCount(1 << 16), digest: .xxh3,
            origin: TreeManifest.Origin(publisher: .first, job: 1))
        let source = try TreeSource(manifest, at: executable.sites)
        let buffer = PieceBuffer(byteCount: 1 << 16)
        try unsafe source.read(PieceIndex(0), into: buffer.memory)
        let expected = ["bin/x", "real/liba.so.1.2", "env/libb.so", "system/libs.so"].flatMap {
            file in
            do { return try readWhole(path: scratch.path(file)) } catch { return [] }
        }
        let found = buffer.withBytes { bytes in unsafe bytes.withUnsafeBytes { unsafe Array($0) } }
        #expect(Array(found.prefix(expected.count)) == expected)
    }

    /// A library that is replaced after it was listed is not taken for the one that was found.
    @Test func aReplacedLibraryIsNoSource() throws {
        let executable = try executable()
        let entries = try executable.listing(preserves: false).entries
        let manifest = try TreeManifest(
            entries: entries, pieceLength: ByteCount(1 << 16), digest: .xxh3,
            origin: TreeManifest.Origin(publisher: .first, job: 1))
        try scratch.put(SampleElf(rpath: "/longer").bytes, "env/libb.so")
        let source = try TreeSource(manifest, at: executable.sites)
        let buffer = PieceBuffer(byteCount: 1 << 16)
        #expect(throws: StorageError.changed(path: scratch.path("env/libb.so"))) {
            try unsafe source.read(PieceIndex(0), into: buffer.memory)
        }
    }
}
