import Content
import Testing
import Vocabulary

@testable import Storage

/// Which ranks of a job may take what from a cache.
@Suite struct JobCacheTests {
    private let sample: CacheSample

    init() throws { sample = try CacheSample() }

    private func cache() -> JobCache {
        JobCache(
            words: { "\($0)" },
            open: { () throws(StorageError) in
                try NodeCache(
                    at: sample.scratch.path("cache"), lockPatience: .zero, fileByteCountMin: 1)
            })
    }

    /// What a rank takes must not become the publisher's before its digests have come.
    @Test func readersTakeNothingAndOthersWaitBeforeTheyServe() throws {
        try sample.stage(into: "one", sample.cache())
        let manifest = try sample.tree.manifest()
        let reader = try sample.tree.area(in: sample.scratch.path("two"))
        let before = reader.held
        #expect(cache().begin(reader, of: manifest, decides: true) == nil)
        #expect(reader.held == before)
        let other = try sample.tree.area(in: sample.scratch.path("three"))
        let pieces = try #require(cache().begin(other, of: manifest, decides: false))
        #expect(pieces.count == manifest.geometry.pieceCount - before.count)
        #expect(other.held.count == manifest.geometry.pieceCount)
    }

    /// Each wait for the lock would take its whole patience.
    @Test func aCacheThatFailedOnceIsLeftAlone() throws {
        try sample.stage(into: "one", sample.cache())
        let job = cache()
        let path = sample.scratch.path("cache/CACHEDIR.TAG")
        let lock = try FileLock(OpenFile(opening: path, flags: 0), path: path)
        let area = try sample.tree.area(in: sample.scratch.path("two"))
        _ = job.begin(area, of: try sample.tree.manifest(), decides: false)
        #expect(job.takeWarning() != nil)
        _ = consume lock
        #expect(job.begin(area, of: try sample.tree.manifest(), decides: false) == nil)
        #expect(job.takeWarning() == nil)
    }
}
