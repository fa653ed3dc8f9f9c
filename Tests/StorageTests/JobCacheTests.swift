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

    /// A source in the state in which it had these bytes has them still.
    @Test func aReaderTakesWhatItsUnchangedSourceHas() throws {
        let manifest = try sample.tree.manifest()
        let states: [FileStamp?] = (1...5).map { FileStamp(raw: $0) }
        let first = try sample.tree.area(in: sample.scratch.path("one"))
        try sample.tree.fill(first)
        #expect(try first.finish())
        cache().add(manifest, first, digests: try sample.digests(), sources: states)
        let part = try sample.tree.area(in: sample.scratch.path("two"))
        #expect(cache().begin(part, of: manifest, decides: true, sources: states) == nil)
        #expect(part.isWhole)
        // The last file is in another state, and the first in none.
        let changed = [nil] + states[1..<4] + [FileStamp(raw: 77)]
        let other = try sample.tree.area(in: sample.scratch.path("three"))
        _ = cache().begin(other, of: manifest, decides: true, sources: changed)
        let lacking = Set([1, 11].flatMap { manifest.pieces(of: $0) })
        for position in 0..<manifest.geometry.pieceCount {
            let isHeld = other.holds(PieceIndex(position))
            #expect(isHeld == !lacking.contains(position), "piece \(position)")
        }
    }

    /// They have the digests that the source has had, and may be in the place of a file that has
    /// changed.
    @Test func filesInPlaceGetTheirDigestsOnlyFromAnUnchangedSource() throws {
        let manifest = try sample.tree.manifest()
        let states: [FileStamp?] = (1...5).map { FileStamp(raw: $0) }
        let first = try sample.tree.area(in: sample.scratch.path("one"))
        try sample.tree.fill(first)
        #expect(try first.finish())
        cache().add(manifest, first, digests: try sample.digests(), sources: states)
        for isUnchanged in [true, false] {
            let part = try sample.tree.area(in: sample.scratch.path("one"))
            let sources = isUnchanged ? states : states.map { _ in FileStamp(raw: 9) }
            _ = cache().begin(part, of: manifest, decides: true, sources: sources)
            let known = manifest.pieces(of: 11).filter { part.digest(of: PieceIndex($0)) != nil }
            #expect(known.isEmpty == !isUnchanged)
            try part.abandon()
        }
    }

    /// A job that knows no digests of a file knows nothing of the bytes that its source has.
    @Test func aStateComesWithTheDigestsOfItsJob() throws {
        let manifest = try sample.tree.manifest()
        let first = try sample.tree.area(in: sample.scratch.path("one"))
        try sample.tree.fill(first)
        #expect(try first.finish())
        let states: [FileStamp?] = (1...5).map { FileStamp(raw: $0) }
        cache().add(manifest, first, digests: try sample.digests(), sources: states)
        let later: [FileStamp?] = (11...15).map { FileStamp(raw: $0) }
        var digests = try sample.digests()
        for piece in manifest.pieces(of: 11) { digests[piece] = nil }
        cache().add(manifest, first, digests: digests, sources: later)
        let note = try #require(try sample.cache().folder.note(of: manifest.lastingFingerprint))
        // The last file shares a piece with the one before it.
        #expect(note.files.map(\.source) == Array(later[..<3] + states[3...]))
        #expect(note.digests.allSatisfy { $0 != nil })
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
