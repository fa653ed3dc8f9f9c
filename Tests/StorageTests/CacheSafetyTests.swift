import Content
import Glibc
import Testing
import Vocabulary

@testable import Storage

/// What a cache must not touch, and must not believe.
@Suite struct CacheSafetyTests {
    private let sample: CacheSample

    init() throws { sample = try CacheSample() }

    private var scratch: Scratch { sample.scratch }
    private var tree: SampleTree { sample.tree }

    private func existing() throws -> NodeCache {
        try NodeCache(existingAt: scratch.path("cache"))
    }

    /// Programs store objects under the digits of their digests.
    @Test(arguments: [
        "files/0123456789abcdef0123456789abcdef", "trees/0123456789abcdef0123456789abcdef", "x",
    ])
    func aFolderWithOtherFilesIsRefused(name: String) throws {
        let path = scratch.path("cache")
        for folder in ["files", "trees"] { try scratch.folder("cache/\(folder)") }
        try scratch.put("of somebody", "cache/\(name)")
        let names = try scratch.shell("find '\(path)'")
        #expect(throws: StorageError.notACache(path: path)) { try sample.cache() }
        #expect(throws: StorageError.notACache(path: path)) { try existing() }
        #expect(try scratch.shell("find '\(path)'") == names)
    }

    @Test func anEmptyFolderBecomesACacheOnlyWhereAJobStages() throws {
        try scratch.folder("cache")
        #expect(throws: StorageError.notACache(path: scratch.path("cache"))) { try existing() }
        #expect(try scratch.names("cache").isEmpty)
        // A process was killed at its first write.
        try scratch.put("", "cache/CACHEDIR.TAG")
        _ = try sample.cache()
        #expect(try scratch.names("cache") == ["CACHEDIR.TAG", "drafts", "files", "trees"])
        #expect(try existing().rows().isEmpty)
    }

    @Test(arguments: ["Signature: 8a477f597d28d172789f06886806bc55\n", "version 2\n"])
    func theCacheOfAnotherProgramOrVersionIsRefused(text: String) throws {
        try scratch.folder("cache")
        try scratch.put(text, "cache/CACHEDIR.TAG")
        #expect(throws: StorageError.notACache(path: scratch.path("cache"))) { try sample.cache() }
        #expect(throws: StorageError.notACache(path: scratch.path("cache"))) { try existing() }
        #expect(try scratch.names("cache") == ["CACHEDIR.TAG"])
    }

    @Test func lookingMakesAndRemovesNothing() throws {
        try sample.stage(into: "one", sample.cache())
        try scratch.put("half", "cache/drafts/0123456789abcdef.part")
        let stray = "0123456789abcdef0123456789abcdef"
        try scratch.put("whole", "cache/files/\(stray).mswc")
        // Of a later version, perhaps.
        try scratch.put("MSWC\u{2}", "cache/trees/\(stray).mswn")
        try sample.damage(sample.file(of: "set/a"), at: 7)
        let names = try scratch.shell("find '\(scratch.path("cache"))' | sort")
        #expect(try existing().rows().count == 1)
        #expect(try existing().check().damaged.map(\.fileCount) == [1])
        #expect(try scratch.shell("find '\(scratch.path("cache"))' | sort") == names)
        _ = try existing().prune(to: 0)
        #expect(try sample.files() == ["\(stray).mswc"])
        #expect(try scratch.names("cache/trees") == ["\(stray).mswn"])
    }

    @Test func contentsWithoutSHA256AreNotKept() throws {
        var other = sample
        other.tree.algorithm = .xxh3
        let area = try other.tree.area(in: scratch.path("one"))
        try other.tree.fill(area)
        #expect(try area.finish())
        let cache = try sample.cache()
        #expect(try cache.add(other.tree.manifest(), area, digests: []))
        #expect(try sample.files().isEmpty && scratch.names("cache/trees").isEmpty)
        #expect(try cache.note(of: other.tree.manifest()) == nil)
    }

    /// Such as by a program that has the file open.
    @Test func aFileThatIsWrittenToWhileItIsCopiedIsDigested() throws {
        try sample.stage(into: "one", sample.cache())
        let cache = try sample.cache()
        let area = try tree.area(in: scratch.path("two"))
        let note = try #require(try cache.note(of: tree.manifest()))
        let name = try sample.file(of: "set/last")
        let copied = scratch.path("two/.set.mpiswarm-part/tree/set/last")
        var reader = CacheReader(cache, note, area)
        reader.whenCopied = {
            guard unsafe access(copied, F_OK) == 0 else { return }
            do {
                // The bytes that were copied after the write are those of the copy.
                try sample.damage(name, at: 4000)
                let file = try OpenFile(opening: copied, flags: O_WRONLY)
                let bytes = try readWhole(path: scratch.path(name))
                try unsafe file.write(bytes.span.bytes, path: copied)
            } catch { Issue.record(error) }
        }
        try reader.fill()
        #expect(try tree.fill(area) == 1)
        #expect(try area.finish())
        try tree.expectInPlace(in: scratch.path("two"))
    }

    @Test(arguments: ["files", "trees", "drafts"])
    func aFolderInItThatOthersMayWriteToIsRefused(name: String) throws {
        _ = try sample.cache()
        let path = scratch.path("cache/\(name)")
        #expect(unsafe chmod(path, 0o777) == 0)
        #expect(throws: StorageError.foreign(path: path)) { try sample.cache() }
    }

    /// The process that filled it goes on to write; or a file of another one has the name.
    @Test(arguments: [false, true]) func aDraftThatWasChangedIsNotBelieved(isOther: Bool) throws {
        let folder = try sample.cache().folder
        let good = try DraftFile(in: folder)
        try unsafe good.file.write([1, 2, 3].span.bytes, path: "good")
        #expect(try good.takeName("good", in: folder.files, at: "good") != nil)
        let draft = try DraftFile(in: folder)
        if isOther {
            #expect(unsafe unlink(draft.path) == 0)
            let name = String(draft.path.dropFirst(scratch.path.utf8.count + 1))
            try scratch.put("other", name)
        }
        try unsafe draft.file.write([1, 2, 3].span.bytes, path: "draft")
        let stamp = try draft.takeName("name", in: folder.files, at: "name")
        #expect((stamp == nil) == isOther)
    }

    @Test func overlapsAreSeen() throws {
        try scratch.folder("a/b")
        try scratch.link("l", to: "a")
        func place(_ name: String) -> DestinationPlace { DestinationPlace(scratch.path(name)) }
        for (one, other) in [("a", "a/b"), ("a", "l/b/c/d"), ("l", "a"), ("n", "n/x")] {
            #expect(place(one).overlaps(place(other)) && place(other).overlaps(place(one)))
        }
        for (one, other) in [("a", "ab"), ("a/b", "a/c"), ("n", "m")] {
            #expect(!place(one).overlaps(place(other)) && !place(other).overlaps(place(one)))
        }
    }
}
