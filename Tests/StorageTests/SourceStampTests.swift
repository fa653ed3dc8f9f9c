import Content
import Glibc
import Testing
import Vocabulary

@testable import Storage

@Suite struct SourceStampTests {
    private let scratch: Scratch

    init() throws {
        scratch = try Scratch()
        try scratch.folder("s")
        try scratch.put([UInt8](repeating: 7, count: 3500), "s/f")
        try scratch.put("abc", "s/g")
    }

    private func stamp(afterSeconds seconds: Int = 10) throws -> SourceStamp? {
        let name = try RelativePath("s")
        let listing = try TreeListing(of: scratch.path("s"), as: name)
        let manifest = try TreeManifest(
            entries: TreeListing.entries(of: [listing]), pieceLength: ByteCount(1000),
            digest: .xxh3, origin: TreeManifest.Origin(publisher: .first, job: 0))
        let site = SourceSite(name: name, path: scratch.path("s"))
        var now = timespec()
        unsafe clock_gettime(CLOCK_REALTIME, &now)
        now.tv_sec += seconds
        return try SourceStamp(of: TreeSource(manifest, at: [site]), now: now)
    }

    @Test func itStaysAsLongAsTheFilesDo() throws {
        let first = try #require(try stamp())
        #expect(try stamp() == first)
    }

    @Test func aChangeWhoseDateWasPutBackShows() throws {
        let first = try #require(try stamp())
        var found = stat()
        #expect(unsafe stat(scratch.path("s/f"), &found) == 0)
        let raw = unsafe open(scratch.path("s/f"), O_WRONLY)
        let file = OpenFile(raw: raw)
        let bytes = [UInt8](repeating: 8, count: 3500)
        try unsafe file.write(bytes.span.bytes, path: "f")
        #expect(unsafe futimens(raw, [found.st_atim, found.st_mtim]) == 0)
        #expect(try stamp() != first)
    }

    /// It could be changed once more before the clock of the file system ticks.
    @Test func aFileThatWasJustChangedHasNone() throws {
        #expect(try stamp(afterSeconds: -1) == nil)
    }
}
