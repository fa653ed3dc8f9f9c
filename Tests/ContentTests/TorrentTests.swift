import Testing
import Vocabulary

@testable import Content

@Suite struct TorrentTests {
    /// Computed by another program, and by libtorrent alike where the order of files is its own.
    @Test(
        arguments: [
            (Torrent.Version.v1, "e8c3dde2d7e67c3187c4b10921395f56e6a1adc3", nil),
            (.v2, nil, "7e5bbf6702c390318dcb80e7d34eada7e8c65d7772b2509e93b7f7672b16a666"),
            (
                .hybrid, "862abed73ae729e7dd4145c1670d025d565dd3ad",
                "3b382ad282f155d79c34bca59a225a95413560c8b56198aec93fc457e1b55529"
            ),
        ] as [(Torrent.Version, String?, String?)])
    func aSingleFileHasTheKnownHashes(version: Torrent.Version, v1: String?, v2: String?) throws {
        let torrent = try TorrentSamples.torrent(
            version, TorrentSamples.single, isSingleFile: true)
        #expect(torrent.infoHashV1.map { hexText($0) } == v1)
        #expect(torrent.infoHashV2.map { hexText($0) } == v2)
        #expect(torrent.info.isSingleFile)
        #expect(torrent.info.total == 100_000)
    }

    @Test(
        arguments: [
            (Torrent.Version.v1, "5062be66a849dee448a1ba234b9f3ad39102bd81", nil),
            (.v2, nil, "b0621ba576f6f54d0f9279a090e9258bf8dedcfe8792c9aab94990a3f29d09cf"),
            (
                .hybrid, "82ef38ba8b067570b2884a7f8e4535d63fb5ace1",
                "26d12bf7471db459a18ac03204ff6acd70af1e0f62ddcf7191a0da11520fc32f"
            ),
        ] as [(Torrent.Version, String?, String?)])
    func aFolderHasTheKnownHashes(version: Torrent.Version, v1: String?, v2: String?) throws {
        let torrent = try TorrentSamples.torrent(
            version, TorrentSamples.folder, isSingleFile: false)
        #expect(torrent.infoHashV1.map { hexText($0) } == v1)
        #expect(torrent.infoHashV2.map { hexText($0) } == v2)
        #expect(torrent.info.total == 206_385)
        #expect(torrent.info.fileCount == 5)
        #expect(torrent.info.files.count == (version == .hybrid ? 8 : 5))
    }

    @Test(arguments: Torrent.Version.allCases)
    func aParsedValueEncodesToTheSameBytes(version: Torrent.Version) throws {
        for (files, isSingle) in [(TorrentSamples.single, true), (TorrentSamples.folder, false)] {
            let torrent = try TorrentSamples.torrent(version, files, isSingleFile: isSingle) {
                $0.isPrivate = true
                $0.comment = "a comment"
                $0.announceTiers = [["http://127.0.0.1/"]]
                $0.creationDate = 1_600_000_000
            }
            let bytes = torrent.encoded()
            let again = try Torrent(parsing: bytes)
            #expect(again == torrent)
            #expect(again.encoded() == bytes)
            #expect(again.info.isPrivate)
            #expect(again.comment == Array("a comment".utf8))
            #expect(again.announce == Array("http://127.0.0.1/".utf8))
            #expect(again.creationDate == 1_600_000_000)
            #expect(again.info.version == version)
        }
    }

    @Test func severalTrackersAreAListAndOneIsNone() throws {
        for (tiers, first, list) in [
            ([], nil, []), ([["a"]], "a", []), ([["a", "b"]], "a", [["a", "b"]]),
            ([["a"], ["b", "c"]], "a", [["a"], ["b", "c"]]),
        ] as [([[String]], String?, [[String]])] {
            let torrent = try TorrentSamples.torrent(
                .v1, TorrentSamples.folder, isSingleFile: false
            ) { $0.announceTiers = tiers }
            #expect(torrent.announce == first.map { Array($0.utf8) })
            #expect(torrent.announceTiers == list.map { $0.map { Array($0.utf8) } })
        }
    }

    @Test func orderOfFilesDoesNotMatter() throws {
        for version in Torrent.Version.allCases {
            let forth = try TorrentSamples.torrent(
                version, TorrentSamples.folder, isSingleFile: false)
            let back = try TorrentSamples.torrent(
                version, TorrentSamples.folder.reversed(), isSingleFile: false)
            #expect(forth.encoded() == back.encoded())
        }
    }

    @Test func unknownKeysAreKept() throws {
        let info = "d6:lengthi0e4:name1:x12:piece lengthi1e6:pieces0:1:zi9ee"
        let text = "d13:announce-listll1:a1:bel1:cee4:info\(info)5:otherli1eee"
        let torrent = try Torrent(parsing: Array(text.utf8))
        #expect(torrent.encoded() == Array(text.utf8))
        #expect(torrent.infoBytes == Array(info.utf8))
        #expect(torrent.infoHashV1 == Digester.digest(of: Array(info.utf8), .sha1))
        #expect(torrent.announceTiers == [[[97], [98]], [[99]]])
        #expect(torrent.comment == nil)
    }

    @Test(arguments: Torrent.Version.allCases)
    func theRightBytesVerify(version: Torrent.Version) throws {
        let torrent = try TorrentSamples.torrent(
            version, TorrentSamples.folder, isSingleFile: false)
        for part in [1000, 16_384, 1 << 20] {
            let found = torrent.findings(
                in: TorrentSamples.digests(
                    torrent.plan, torrent.info.files.map(\.path), TorrentSamples.folder,
                    part: part))
            #expect(found.badCount == 0)
            #expect(found.isBad.count == torrent.plan.pieceCount)
        }
    }

    @Test func aMissingFileAsksForNoTable() throws {
        let torrent = try TorrentSamples.torrent(
            .v2, TorrentSamples.folder, isSingleFile: false)
        let digests = TorrentSamples.digests(torrent.plan, torrent.info.files.map(\.path), [])
        #expect(digests.trees.allSatisfy { $0 == nil })
        let found = torrent.findings(in: digests)
        #expect(found.badCount == torrent.plan.pieceCount)
    }

    @Test func emptyFilesTakeNoPiece() throws {
        let files = [("a", [1]), ("b", []), ("c", [2])] as [(String, [UInt8])]
        for version in Torrent.Version.allCases {
            let torrent = try TorrentSamples.torrent(version, files, isSingleFile: false)
            #expect(torrent.plan.pieceCount == (version == .v1 ? 1 : 2))
        }
    }

    /// Which pieces are bad when one byte of `a/y/x` is wrong, or its end or all of `b` is gone.
    @Test(arguments: [
        (Torrent.Version.v1, [1...1], [3...4], [5...6]),
        (.v2, [1...1], [3...4], [7...8]),
        (.hybrid, [1...1], [3...4], [7...8]),
    ])
    func wrongBytesAreFound(
        version: Torrent.Version, flipped: [ClosedRange<Int>], cut: [ClosedRange<Int>],
        gone: [ClosedRange<Int>]
    ) throws {
        let torrent = try TorrentSamples.torrent(
            version, TorrentSamples.folder, isSingleFile: false)
        func bad(_ change: (inout [(String, [UInt8])]) -> Void) -> [ClosedRange<Int>] {
            var files = TorrentSamples.folder
            change(&files)
            let found = torrent.findings(
                in: TorrentSamples.digests(
                    torrent.plan, torrent.info.files.map(\.path), files))
            return found.badRanges(in: 0..<found.isBad.count)
        }
        #expect(bad { $0[3].1[40_000] ^= 1 } == flipped)
        #expect(bad { $0[3].1.removeLast(150_000 - 100_000) } == cut)
        #expect(bad { $0.remove(at: 0) } == gone)
        #expect(bad { $0[2].1 = [] } == (version == .v1 ? [5...5] : [6...6]))
    }
}
