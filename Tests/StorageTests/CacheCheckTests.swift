import Content
import Glibc
import Testing
import Vocabulary

@testable import Storage

@Suite struct CacheCheckTests {
    private let sample: CacheSample

    init() throws { sample = try CacheSample() }

    @Test func damagedFilesAreFoundAndTheOthersBelieved() throws {
        try sample.stage(into: "one", sample.cache())
        #expect(try sample.cache().check().damaged.isEmpty)
        let later = SampleTree.digest([4])
        try sample.damage(sample.file(of: "set/holes"), at: 150_500)
        let check = try sample.cache(boot: later).check()
        #expect(check.contentCount == 1 && check.byteCount > ByteCount(200_000))
        #expect(check.damaged.map(\.name) == ["set"] && check.damaged[0].fileCount == 1)
        let fingerprint = try sample.tree.manifest().lastingFingerprint
        let note = try #require(try sample.cache().folder.note(of: fingerprint))
        #expect(note.boot == later && note.files.count { $0.stamp == nil } == 1)
        #expect(try sample.stage(into: "two", sample.cache(boot: later)) > 0)
        try sample.tree.expectInPlace(in: sample.scratch.path("two"))
        #expect(try sample.cache(boot: later).check().damaged.isEmpty)
    }

    /// Bytes in a hole would not come again with a piece.
    @Test func bytesInAHoleAreDamage() throws {
        try sample.stage(into: "one", sample.cache())
        try sample.damage(sample.file(of: "set/holes"), at: 100_000)
        #expect(try sample.cache().check().damaged.map(\.fileCount) == [1])
    }
}
