import CLinux
import Content
import Glibc
import Testing
import Vocabulary

@testable import Storage

@Suite struct NodeCacheTests {
    private let sample: CacheSample

    init() throws { sample = try CacheSample() }

    private var scratch: Scratch { sample.scratch }
    private var tree: SampleTree { sample.tree }

    @Test(arguments: [false, true])
    func theSecondJobFetchesNothing(links: Bool) throws {
        let first = try sample.stage(into: "one", sample.cache(links: links))
        #expect(first == (try tree.manifest().geometry.pieceCount - first.holes))
        for folder in ["two", "three"] {
            #expect(try sample.stage(into: folder, sample.cache(links: links)) == 0)
            try tree.expectInPlace(in: scratch.path(folder))
        }
        let rows = try sample.cache().rows()
        #expect(rows.count == 1 && rows[0].fileCount == 5 && rows[0].name == "set")
    }

    @Test func aDamagedEntryIsFetchedAndRepaired() throws {
        try sample.stage(into: "one", sample.cache())
        try sample.damage(sample.file(of: "set/last"), at: 4000)
        #expect(try sample.stage(into: "two", sample.cache()) == 1)
        try tree.expectInPlace(in: scratch.path("two"))
        #expect(try sample.stage(into: "three", sample.cache()) == 0)
        try tree.expectInPlace(in: scratch.path("three"))
    }

    @Test func aFileThatIsGoneIsFetchedAndStoredAgain() throws {
        try sample.stage(into: "one", sample.cache())
        let name = try sample.file(of: "set/a")
        #expect(unsafe unlink(scratch.path(name)) == 0)
        #expect(try sample.stage(into: "two", sample.cache()) == 3)
        #expect(try sample.file(of: "set/a") == name)
        #expect(try sample.stage(into: "three", sample.cache()) == 0)
    }

    /// A line may have reached the disk, and the bytes it speaks of not.
    @Test func afterAPowerFailureFilesAreDigestedBeforeTheyAreBelieved() throws {
        try sample.stage(into: "one", sample.cache())
        try sample.damage(sample.file(of: "set/a"), at: 2400)
        try sample.believeAll()
        let later = SampleTree.digest([1, 2, 3])
        #expect(try sample.stage(into: "two", sample.cache(boot: later)) == 1)
        try tree.expectInPlace(in: scratch.path("two"))
        let note = try #require(try sample.cache().folder.note(of: tree.manifest().fingerprint))
        #expect(note.boot == later && note.files.allSatisfy { $0.stamp != nil })
        #expect(try sample.stage(into: "three", sample.cache(boot: later)) == 0)
    }

    @Test func verifyingDigestsAlways() throws {
        try sample.stage(into: "one", sample.cache())
        try sample.damage(sample.file(of: "set/a"), at: 2400)
        try sample.believeAll()
        #expect(try sample.stage(into: "two", sample.cache(verifies: true)) == 1)
        try tree.expectInPlace(in: scratch.path("two"))
    }

    /// No piece repairs what lies in a hole.
    @Test(arguments: [false, true]) func bytesInAHoleAreDamage(links: Bool) throws {
        try sample.stage(into: "one", sample.cache())
        try sample.damage(sample.file(of: "set/holes"), at: 100_000)
        for folder in ["two", "three"] {
            _ = try sample.stage(into: folder, sample.cache(links: links))
            try tree.expectInPlace(in: scratch.path(folder))
        }
        _ = try sample.file(of: "set/holes")
    }

    @Test(arguments: [0, 1, 5, 40, 71, 72, 90, -1])
    func aNoteThatIsNotWholeIsNotBelieved(length: Int) throws {
        try sample.stage(into: "one", sample.cache())
        let name = "cache/trees/\(try tree.manifest().fingerprint.digits)"
        let bytes = try readWhole(path: scratch.path(name))
        try scratch.put(Array(length < 0 ? bytes.dropLast() : bytes.prefix(length)), name)
        #expect(try sample.cache().note(of: tree.manifest()) == nil)
        #expect(try sample.stage(into: "two", sample.cache()) > 0)
        #expect(try sample.stage(into: "three", sample.cache()) == 0)
    }

    @Test func aNoteIsReadAsItWasWritten() throws {
        try sample.stage(into: "one", sample.cache())
        var note = try #require(try sample.cache().folder.note(of: tree.manifest().fingerprint))
        note.digests[3] = nil
        note.source = SourceStamp(noted: Digest128(high: 1, low: 2))
        let bytes = note.encoded
        #expect(CacheNote(parsing: bytes) == note)
        for place in bytes.indices {
            var changed = bytes
            changed[place] ^= 1
            #expect(CacheNote(parsing: changed) == nil, "byte \(place)")
        }
    }

    /// The stage of a killed process: temporary files, and files that no note names yet.
    @Test func remainsOfKilledJobsAreRemoved() throws {
        try sample.stage(into: "one", sample.cache())
        let names = try sample.files()
        let dead = ".mpiswarm-cache.\(try deadProcess()).0.part"
        for folder in ["files", "trees"] { try scratch.put("half", "cache/\(folder)/\(dead)") }
        try scratch.put("whole", "cache/files/0123456789abcdef0123456789abcdef")
        let living = ".mpiswarm-cache.\(getpid()).99.part"
        try scratch.put("of a living one", "cache/files/\(living)")
        #expect(try sample.cache().rows().count == 1)
        #expect(try sample.files() == ([living] + names).sorted())
        #expect(try !scratch.names("cache/trees").contains(dead))
    }

    /// Nothing of a copy counts before all of it has its names.
    @Test func aDraftThatIsDroppedLeavesNothing() throws {
        let cache = try sample.cache()
        let area = try sample.begin(in: "one", cache)
        try tree.fill(area)
        #expect(try area.finish())
        // The note cannot be written, because a folder has its name.
        let name = "cache/trees/\(try tree.manifest().fingerprint.digits)"
        try scratch.folder("\(name)/x")
        #expect(throws: StorageError.self) { try sample.add(area, to: cache) }
        #expect(try scratch.names("cache/trees").allSatisfy { !$0.hasSuffix("part") })
        try scratch.shell("rm -r '\(scratch.path(name))'")
        #expect(try sample.cache().note(of: tree.manifest()) == nil)
        #expect(try sample.cache().rows().isEmpty && sample.files().isEmpty)
        try tree.expectInPlace(in: scratch.path("one"))
    }

    @Test func aCopyThatWasAlteredAfterItsNameIsNotCached() throws {
        let cache = try sample.cache()
        let area = try sample.begin(in: "one", cache)
        try tree.fill(area)
        #expect(try area.finish())
        try sample.damage("one/set/last", at: 7)
        #expect(try sample.add(area, to: cache))
        #expect(try sample.files().count == 4)
        #expect(try sample.stage(into: "two", sample.cache()) > 0)
        try tree.expectInPlace(in: scratch.path("two"))
    }

    @Test func equalFilesOfTwoTreesAreKeptOnce() throws {
        try sample.stage(into: "one", sample.cache())
        let names = try sample.files()
        var other = sample
        try other.tree.folder("set/z-other")
        #expect(try other.stage(into: "two", sample.cache()) > 0)
        #expect(try sample.files() == names)
        #expect(try sample.cache().rows().count == 2)
        _ = try sample.cache().prune(to: 0)
        #expect(try sample.files().isEmpty && sample.cache().rows().isEmpty)
    }

    private func deadProcess() throws -> pid_t {
        let text = try scratch.shell("sh -c 'echo $$'")
        return try #require(pid_t(text.filter { $0.isNumber }))
    }
}

extension Int {
    /// The pieces of the sample that need not be fetched, because they lie in holes.
    fileprivate var holes: Int {
        do {
            let manifest = try SampleTree.everything().manifest()
            return manifest.piecesWithoutBytes.count
        } catch { return -1 }
    }
}
