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

    @Test func theSecondJobFetchesNothing() throws {
        let first = try sample.stage(into: "one", sample.cache())
        #expect(first == (try tree.manifest().geometry.pieceCount - first.holes))
        for folder in ["two", "three"] {
            #expect(try sample.stage(into: folder, sample.cache()) == 0)
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
        let fingerprint = try tree.manifest().lastingFingerprint
        let note = try #require(try sample.cache().folder.note(of: fingerprint))
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
    @Test func bytesInAHoleAreDamage() throws {
        try sample.stage(into: "one", sample.cache())
        try sample.damage(sample.file(of: "set/holes"), at: 100_000)
        for folder in ["two", "three"] {
            _ = try sample.stage(into: folder, sample.cache())
            try tree.expectInPlace(in: scratch.path(folder))
        }
        _ = try sample.file(of: "set/holes")
    }

    @Test(arguments: [0, 1, 5, 40, 55, 56, 90, -1])
    func aNoteThatIsNotWholeIsNotBelieved(length: Int) throws {
        try sample.stage(into: "one", sample.cache())
        let name = "cache/trees/\(try tree.manifest().lastingFingerprint.digits).mswn"
        let bytes = try readWhole(path: scratch.path(name))
        try scratch.put(Array(length < 0 ? bytes.dropLast() : bytes.prefix(length)), name)
        #expect(try sample.cache().note(of: tree.manifest()) == nil)
        #expect(try sample.stage(into: "two", sample.cache()) > 0)
        #expect(try sample.stage(into: "three", sample.cache()) == 0)
    }

    @Test func aNoteIsReadAsItWasWritten() throws {
        try sample.stage(into: "one", sample.cache())
        let fingerprint = try tree.manifest().lastingFingerprint
        var note = try #require(try sample.cache().folder.note(of: fingerprint))
        note.digests[3] = nil
        let bytes = note.encoded
        #expect(CacheNote(parsing: bytes) == note)
        for place in bytes.indices {
            var changed = bytes
            changed[place] ^= 1
            #expect(CacheNote(parsing: changed) == nil, "byte \(place)")
        }
    }

    /// It says nothing about the source.
    @Test func aNoteOfTheFirstVersionIsRead() throws {
        try sample.stage(into: "one", sample.cache())
        let fingerprint = try tree.manifest().lastingFingerprint
        let note = try #require(try sample.cache().folder.note(of: fingerprint))
        var old = Array(note.encoded.dropLast(16))
        old[4] = 1
        let files = 56 + note.name.count
        for file in note.files.indices.reversed() {
            let start = files + 24 * file + 16
            old.removeSubrange(start..<start + 8)
        }
        let sum = unsafe XXH3.digest(of: old.span.bytes)
        #expect(CacheNote(parsing: old + sum.bytes) == note)
    }

    /// What a killed process leaves: drafts, and files that no note names yet. That of a living one
    /// is locked, whatever number its process has.
    @Test func remainsOfKilledJobsAreRemoved() throws {
        try sample.stage(into: "one", sample.cache())
        let names = try sample.files()
        let dead = "0123456789abcdef.part"
        try scratch.put("half", "cache/drafts/\(dead)")
        try scratch.put("of somebody", "cache/drafts/notes.part")
        let stray = "0123456789abcdef0123456789abcdef"
        try scratch.put("whole", "cache/files/\(stray).mswc")
        try scratch.put("of somebody", "cache/files/\(stray)")
        let living = try DraftFile(in: NodeCache(existingAt: scratch.path("cache")).folder)
        #expect(try scratch.names("cache/drafts").count == 3)
        let cache = try sample.cache()
        let left = try scratch.names("cache/drafts")
        #expect(left.count == 2 && left.contains("notes.part") && !left.contains(dead))
        _ = consume living
        #expect(try scratch.names("cache/drafts") == ["notes.part"])
        #expect(try cache.rows().count == 1)
        #expect(try sample.files().count == names.count + 2)
        _ = try cache.prune(to: 1 << 40)
        #expect(try sample.files() == ([stray] + names).sorted())
    }

    /// Nothing of a copy counts before all of it has its names.
    @Test func aDraftThatIsDroppedLeavesNothing() throws {
        let cache = try sample.cache()
        let area = try sample.begin(in: "one", cache)
        try tree.fill(area)
        #expect(try area.finish())
        // The note cannot be written, because a folder has its name.
        let name = "cache/trees/\(try tree.manifest().lastingFingerprint.digits).mswn"
        try scratch.folder("\(name)/x")
        #expect(throws: StorageError.self) { try sample.add(area, to: cache) }
        #expect(try scratch.names("cache/drafts").isEmpty)
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
