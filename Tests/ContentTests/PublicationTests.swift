import Testing
import Vocabulary

@testable import Content

@Suite struct PublicationTests {
    private func manifest(labels: Int) throws -> Manifest {
        var table = LabelTable()
        for number in 0..<labels {
            let digits = String(number)
            let label = String(repeating: "0", count: 31 - digits.utf8.count) + digits
            try table.append(Array(label.utf8)[...])
        }
        return Manifest(name: try RelativePath("x"), labels: table)
    }

    @Test func shortManifestsTravelThemselves() throws {
        // A head of 32 bytes, a name of one, and 32 bytes per label.
        let publication = Publication(try manifest(labels: 766))
        #expect(publication.encoded.count == 24_545)
        #expect(publication.nested == nil)
        #expect(publication.inlineManifest == publication.encoded)
        #expect(publication.content == publication.manifest.contentID)
    }

    @Test func longManifestsAreContents() throws {
        let publication = Publication(try manifest(labels: 10_000))
        #expect(publication.encoded.count == 320_033)
        let nested = try #require(publication.nested)
        #expect(nested.encoded.count == 33 + 5 * 16)
        #expect(publication.inlineManifest == nested.encoded)
        #expect(nested.manifest.geometry.total == ByteCount(320_033))
        #expect(nested.manifest.geometry.pieceLength == ByteCount(65_536))
        #expect(nested.content == nested.manifest.contentID)
        #expect(nested.content != publication.content)
    }

    /// 24,576 bytes less 33 hold 1,533 digests, which is 100,466,688 bytes of 64 KiB pieces.
    static let lengths: [(Int64, Int64)] = [
        (1, 65_536), (100_466_688, 65_536), (100_466_689, 131_072), (4_294_967_328, 4_194_304),
    ]

    @Test(arguments: lengths)
    func piecesGrowUntilTheNestedManifestIsShort(total: Int64, length: Int64) {
        let grown = NestedManifest.pieceLength(
            forManifestOf: ByteCount(total), nameByteCount: 1)
        #expect(grown == ByteCount(length))
        #expect(grown <= Manifest.pieceLengthMax)
    }

    @Test func theLongestNameLeavesRoom() {
        let grown = NestedManifest.pieceLength(
            forManifestOf: ByteCount(Int64(UInt32.max) + 4128),
            nameByteCount: RelativePath.byteCountMax)
        #expect(grown <= Manifest.pieceLengthMax)
    }
}
