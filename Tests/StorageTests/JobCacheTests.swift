import Content
import Glibc
import Testing
import Vocabulary

@testable import Storage

/// Which ranks of a job may take what from a cache.
@Suite struct JobCacheTests {
    private let scratch: Scratch

    init() throws {
        scratch = try Scratch()
        try scratch.folder("s")
        try scratch.put([UInt8](repeating: 7, count: 3500), "s/f")
    }

    private func cache() -> JobCache {
        JobCache(
            words: { "\($0)" },
            open: { () throws(StorageError) in try NodeCache(at: scratch.path("cache")) })
    }

    private func source() throws -> TreeSource {
        let name = try RelativePath("s")
        let listing = try TreeListing(of: scratch.path("s"), as: name)
        let manifest = try TreeManifest(
            entries: TreeListing.entries(of: [listing]), pieceLength: ByteCount(1000),
            digest: .xxh3, origin: TreeManifest.Origin(publisher: .first, job: 0))
        return try TreeSource(manifest, at: [SourceSite(name: name, path: scratch.path("s"))])
    }

    private func area(_ folder: String, _ source: TreeSource) throws -> PartArea {
        try PartArea(
            source.manifest, fingerprint: source.manifest.fingerprint, base: scratch.path(folder))
    }

    /// Copies the source into a new folder as the rank that reads it, if the file system's clock
    /// has ticked since the source was made.
    private func stage(into folder: String) throws {
        let source = try source()
        let part = try area(folder, source)
        let cache = cache()
        _ = cache.begin(part, from: source, of: source.manifest, publishes: true)
        var digests: [PieceDigest?] = []
        for piece in (0..<source.manifest.geometry.pieceCount).map({ PieceIndex($0) }) {
            let buffer = PieceBuffer(byteCount: source.manifest.geometry.size(of: piece))
            try unsafe source.read(piece, into: buffer.memory)
            let digest = buffer.withBytes { PieceDigest(Digester.digest(of: $0, .xxh3)) }
            try buffer.withBytes { bytes throws(StorageError) in
                if !part.holds(piece) { try part.write(bytes, as: piece, digest: digest!) }
            }
            digests.append(digest)
        }
        #expect(try part.finish())
        cache.add(source.manifest, part, digests: digests, source: source)
        #expect(cache.takeWarning() == nil)
    }

    /// Other bytes of the same length and date.
    private func change() throws {
        try scratch.shell(
            """
            cd '\(scratch.path)' && touch -r s/f date && printf other > s/new &&
            dd if=s/new of=s/f conv=notrunc status=none && rm s/new && touch -r date s/f &&
            touch -r date s && rm date
            """)
    }

    private func held(
        in folder: String, readsSource: Bool, publishes: Bool = false
    ) throws -> (held: Int, unconfirmed: Int?) {
        let source = try source()
        let part = try area(folder, source)
        let found = cache().begin(
            part, from: readsSource ? source : nil, of: source.manifest, publishes: publishes)
        return (part.held.count, found.unconfirmed?.count)
    }

    /// A stale piece of a reader, or of any rank before it is confirmed, could become the
    /// publisher's.
    @Test func ranksThatReadAChangedSourceTakeNothing() throws {
        try scratch.shell("touch -d 2001-02-03 '\(scratch.path)/s'")
        try stage(into: "one")
        try change()
        try scratch.shell("touch -d 2001-02-03 '\(scratch.path)/s'")
        #expect(try held(in: "two", readsSource: true, publishes: true).held == 0)
        #expect(try held(in: "three", readsSource: true).held == 0)
        let other = try held(in: "four", readsSource: false)
        #expect(other.held == 4 && other.unconfirmed == 4)
    }

    /// What is in place was not read, and says nothing about the present source.
    @Test func theStateOfASourceThatWasNotReadIsNotNoted() throws {
        try scratch.shell("touch -d 2001-02-03 '\(scratch.path)/s'")
        try stage(into: "one")
        try change()
        try scratch.shell("touch -d 2001-02-03 '\(scratch.path)/s'")
        let source = try source()
        let part = try area("one", source)
        let cache = cache()
        _ = cache.begin(part, from: source, of: source.manifest, publishes: true)
        #expect(part.isWhole)
        #expect(try part.finish())
        let digests = [PieceDigest?](repeating: nil, count: 4)
        cache.add(source.manifest, part, digests: digests, source: source)
        #expect(try held(in: "two", readsSource: true, publishes: true).held == 0)
    }
}
