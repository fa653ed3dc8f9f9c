import Testing
import Vocabulary

@testable import Content

@Suite struct PieceProofTests {
    private func bytes(_ path: RelativePath, _ files: [(String, [UInt8])]) -> [UInt8] {
        files.first { $0.0 == path.description }?.1 ?? []
    }

    /// Every piece that a file has for itself is told by its digest, and by no other's.
    @Test(arguments: [Torrent.Version.v1, .v2, .hybrid])
    func aFilesOwnPiecesTellIt(version: Torrent.Version) throws {
        let files = TorrentSamples.folder
        let metainfo = Metainfo.torrent(
            try TorrentSamples.torrent(version, files, isSingleFile: false))
        let proof = try #require(PieceProof(metainfo))
        let plan = try #require(metainfo.plan)
        var proved = 0
        for (index, stretch) in plan.stretches.enumerated() where !stretch.isPad {
            let whole = bytes(metainfo.paths[index], files)
            for piece in proof.pieces(of: index) {
                let part = try #require(proof.part(piece, of: index))
                var mine = Array(whole[Int(part.extent.start)..<Int(part.extent.end)])
                let expected = proof.expected(piece, of: index)
                #expect(proof.digest(of: mine, part, piece) == expected)
                mine[mine.count / 2] ^= 1
                #expect(proof.digest(of: mine, part, piece) != expected)
                proved += 1
            }
        }
        let shared = plan.sharedPieces.count
        #expect((version == .v1) == (shared > 0))
        #expect(proved == plan.pieceCount - shared)
    }

    @Test func aSeedFilesPiecesTellItsFile() throws {
        let whole = TorrentSamples.content(1300, 3)
        let plan = SeedFile.plan(length: 1300, pieceLength: 512, algorithm: .md5)
        var hasher = ContentHasher(plan)
        hasher.begin()
        unsafe hasher.add(whole.span.bytes)
        hasher.end()
        let seed = try #require(
            SeedFile(
                name: RelativePath("f"), length: 1300, pieceLength: 512, algorithm: .md5,
                hasher.finish()))
        let proof = try #require(PieceProof(.seed(seed)))
        #expect(proof.pieces(of: 0) == 0..<3)
        let last = try #require(proof.part(2, of: 0))
        #expect(last.extent == Extent(start: 1024, end: 1300))
        #expect(proof.digest(of: Array(whole[1024...]), last, 2) == proof.expected(2, of: 0))
    }

    /// Which candidates belong together only the piece's digest says.
    @Test func candidatesAreTriedTogether() throws {
        let files = TorrentSamples.folder
        let metainfo = Metainfo.torrent(
            try TorrentSamples.torrent(.v1, files, isSingleFile: false))
        let plan = try #require(metainfo.plan)
        for (piece, parts) in plan.sharedPieces {
            let right = parts.map { part in
                let whole = bytes(metainfo.paths[part.stretch], files)
                return Array(whole[Int(part.extent.start)..<Int(part.extent.end)])
            }
            let candidates = right.enumerated().map { number, bytes in
                let wrong = bytes.map { $0 ^ 1 }
                return number % 2 == 0 ? [wrong, bytes] : [bytes, wrong]
            }
            let choice = try #require(
                PieceChoice(piece, of: plan, parts, among: candidates))
            #expect(choice.good(by: metainfo) == parts.indices.map { $0 % 2 == 0 ? 1 : 0 })
            let bad = try #require(
                PieceChoice(piece, of: plan, parts, among: right.map { [$0.map { $0 ^ 2 }] }))
            #expect(bad.good(by: metainfo) == nil)
            #expect(
                PieceChoice(piece, of: plan, parts, among: right.map { _ in [[1]] }) == nil
                    || right.allSatisfy { $0.count == 1 })
            #expect(PieceChoice(piece, of: plan, parts, among: parts.map { _ in [] }) == nil)
        }
    }
}
