import Content
import Glibc
import Testing
import Vocabulary

@testable import Storage

/// The reports to the downloader of a publisher whose table cannot become whole.
@Suite struct TreeVaultTests {
    private let scratch: Scratch

    init() throws {
        scratch = try Scratch()
        try scratch.folder("s")
        try scratch.put([UInt8](repeating: 7, count: 3500), "s/f")
    }

    /// The vault of a publisher that has opened the content and reads these pieces of it.
    private func opened(
        reading share: [Int]?, into folder: String
    ) throws -> (TreeVault, ContentID) {
        let listing = try TreeListing(of: scratch.path("s"), as: RelativePath("s"), follows: false)
        let manifest = try TreeManifest(
            entries: TreeListing.entries(of: [listing]), pieceLength: ByteCount(1000),
            digest: .xxh3, origin: TreeManifest.Origin(publisher: .first, job: 0))
        var terms = TreeTerms(words: { "\($0)" }, lapseWords: { "\($0)" })
        let site = SourceSite(name: try RelativePath("s"), path: scratch.path("s"))
        terms.sites = { [site] }
        var duty = TreeDuty()
        duty.folder = scratch.path(folder)
        if let share {
            duty.share = { manifest in
                var pieces = PieceSet(none: manifest.geometry.pieceCount)
                for piece in share { pieces.insert(PieceIndex(piece)) }
                return pieces
            }
        }
        let vault = TreeVault(
            rank: .first, crew: DiskWorkers(), pool: BufferPool(byteCountMax: 1000, keptMax: 4),
            terms: terms
        ) { [duty] _ in duty }
        let content = ContentID(ofManifest: manifest.encoded())
        vault.open(content, manifest.encoded())
        return (vault, content)
    }

    /// No rank sends it the rest: the others have their own parts, and it has no place for more.
    @Test(arguments: [nil, [1], [0, 1, 2, 3]])
    func aPublisherWithoutACopyPublishesOnlyWhatItReadsAlone(share: [Int]?) throws {
        try scratch.put("in the way", "out")
        let (vault, content) = try opened(reading: share, into: "out")
        let events = vault.answers.take()
        #expect(events.contains(.cannotPublish(content)) == (share?.count != 4))
        #expect(events.contains(.failed(content, .unready)) == (share == nil))
    }

    @Test(arguments: [nil, [1], [0, 1, 2, 3]])
    func aPublisherWhoseDiskFailsPublishesOnlyWhatItReadsAlone(share: [Int]?) throws {
        let (vault, content) = try opened(reading: share, into: "out")
        #expect(!vault.answers.take().contains(.cannotPublish(content)))
        vault.fail(content, .system(call: "pwrite", path: "f", errno: ENOSPC))
        #expect(vault.answers.take().contains(.cannotPublish(content)) == (share?.count != 4))
        // The copy is lost already, so this time the source has failed.
        vault.fail(content, .system(call: "pwrite", path: "f", errno: ENOSPC))
        #expect(vault.answers.take().contains(.cannotPublish(content)))
    }
}
