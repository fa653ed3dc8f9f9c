import Content
import Testing
import Vocabulary
import Wire

@testable import Staging

/// Pieces of which several ranks have parts, as rank 0 puts them together.
@Suite struct PatchworkTests {
    /// Two files of 20,000 bytes in pieces of 16 KiB: they share the second one.
    private struct Described {
        let metainfo: Metainfo
        let files: [[UInt8]]
        let paths: [RelativePath]

        init() throws {
            files = [1, 2].map { seed in (0..<20_000).map { UInt8(truncatingIfNeeded: $0 * seed) } }
            let named = try ["a", "b"].map { (path: try RelativePath($0), length: Int64(20_000)) }
            let draft = try #require(
                TorrentDraft(
                    version: .v1, name: RelativePath("d"), isSingleFile: false, files: named,
                    pieceLength: 16 << 10))
            var hasher = ContentHasher(draft.plan)
            for file in files {
                hasher.begin()
                unsafe hasher.add(file.span.bytes)
                hasher.end()
            }
            metainfo = .torrent(try draft.torrent(of: hasher.finish()))
            paths = try ["d/a", "d/b"].map { try RelativePath($0) }
        }

        /// What a rank has of the shared piece.
        func loose(_ stretch: Int, changing: UInt8 = 0) throws -> LooseBytes {
            let shared = try #require(metainfo.plan?.sharedPieces.first)
            let part = shared.parts[stretch].extent
            let bytes = files[stretch][Int(part.start)..<Int(part.end)].map { $0 ^ changing }
            return LooseBytes(piece: shared.piece, stretch: stretch, bytes: bytes)
        }

        func listing(_ stretch: Int) -> [TreeEntry] {
            [
                TreeEntry(
                    path: paths[stretch], body: .file(length: 20_000, extents: []), mode: 0o644,
                    modified: Samples.time)
            ]
        }
    }

    private func extents(_ listing: [TreeEntry]) -> [Extent] {
        guard case .file(_, let extents)? = listing.first?.body else { return [] }
        return extents
    }

    @Test func partsOfTwoRanksMakeAPiece() throws {
        let described = try Described()
        let loose = [
            [try described.loose(0)],
            [try described.loose(1, changing: 4), try described.loose(1)],
        ]
        let patchwork = try #require(
            Patchwork(described.metainfo, paths: described.paths, loose))
        let mended = patchwork.mended([described.listing(0), described.listing(1)])
        #expect(extents(mended[0]) == [Extent(start: 16_384, end: 20_000)])
        #expect(extents(mended[1]) == [Extent(start: 0, end: 12_768)])
    }

    @Test func partsThatMakeNoPieceAreNothing() throws {
        let described = try Described()
        let loose = [[try described.loose(0)], [try described.loose(1, changing: 4)]]
        let listings = [described.listing(0), described.listing(1)]
        let patchwork = try #require(
            Patchwork(described.metainfo, paths: described.paths, loose))
        #expect(patchwork.mended(listings) == listings)
        #expect(Patchwork(described.metainfo, paths: described.paths, [[], []]) == nil)
    }

    /// Pieces, files and lengths that there are not.
    @Test func senselessPartsAreNothing() throws {
        let described = try Described()
        let listings = [described.listing(0), described.listing(1)]
        var chance = Chance(seed: 5)
        let good = try described.loose(1).bytes
        for _ in 0..<200 {
            let numbers = [0, 1, 2, 3, Int(UInt32.max)]
            let loose = (0..<4).map { _ in
                LooseBytes(
                    piece: numbers[chance.below(5)], stretch: numbers[chance.below(5)],
                    bytes: Array(good.prefix(chance.below(2) * good.count)))
            }
            let patchwork = Patchwork(
                described.metainfo, paths: described.paths, [loose, loose])
            #expect(patchwork.map { $0.mended(listings) } ?? listings == listings)
        }
    }
}
