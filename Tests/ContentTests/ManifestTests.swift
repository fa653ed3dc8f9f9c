import Content
import Testing
import Vocabulary

@Suite struct ManifestTests {
    static func labels() throws -> Manifest {
        Manifest(name: try RelativePath("x"), labels: try LabelTable(text: Array("ab\nc\n".utf8)))
    }

    static func bytes() throws -> Manifest {
        .ofBytes(name: try RelativePath("d/y"), [1, 2, 3, 4, 5], pieceLength: ByteCount(4))
    }

    /// The last with characters of two, three and four bytes.
    static func samples() throws -> [[UInt8]] {
        let accented = try LabelTable(text: Array("ünï\n語\n\u{1F41D}\n".utf8))
        let third = Manifest(name: try RelativePath("é"), labels: accented)
        return try [labels().encoded(), bytes().encoded(), third.encoded()]
    }

    static func parse(_ bytes: [UInt8]) throws(ManifestError) -> Manifest {
        try unsafe Manifest(parsing: bytes.span.bytes)
    }

    static let head: [UInt8] = [0x4D, 0x53, 0x57, 0x4D, 1]
    static let goldenLabels: [UInt8] =
        head + [0, 1, 0]
        + [0, 0, 0, 0, 0, 0, 0, 0]
        + [0, 0, 0, 0, 0, 0, 0, 0]
        + [2, 0, 0, 0, 0, 0, 0, 0]
        + Array("xab\nc\n".utf8)
    static let goldenBytesHead: [UInt8] =
        head + [1, 3, 0]
        + [5, 0, 0, 0, 0, 0, 0, 0]
        + [4, 0, 0, 0, 0, 0, 0, 0]
        + [2, 0, 0, 0, 0, 0, 0, 0]
        + Array("d/y".utf8)

    @Test func goldenLabelsStand() throws {
        let manifest = try Self.labels()
        #expect(manifest.encoded() == Self.goldenLabels)
        #expect(try Self.parse(Self.goldenLabels) == manifest)
        #expect(manifest.contentID.description == "3cc5636daf0bbce7a646b4e6e5fdf262")
    }

    @Test func goldenBytesStand() throws {
        let manifest = try Self.bytes()
        let encoded = manifest.encoded()
        #expect(Array(encoded.prefix(35)) == Self.goldenBytesHead)
        #expect(encoded.count == 35 + 32)
        #expect(try Self.parse(encoded) == manifest)
        #expect(manifest.contentID.description == "156113954de3b7648f9824053355beff")
    }

    /// The value that the authors of XXH3 publish for no bytes at all.
    @Test func digestOfNothingIsTheKnownOne() {
        let nothing: [UInt8] = []
        let digest = unsafe XXH3.digest(of: nothing.span.bytes)
        #expect(digest == Digest128(high: 0x99AA_06D3_0147_98D8, low: 0x6001_C324_468D_497F))
    }

    @Test func emptyContentsStand() throws {
        let name = try RelativePath("x")
        for manifest in [Manifest(name: name, labels: LabelTable()), .ofBytes(name: name, [])] {
            #expect(manifest.geometry.pieceCount == 0)
            #expect(try Self.parse(manifest.encoded()) == manifest)
        }
    }

    @Test func everyPrefixIsRefused() throws {
        for encoded in try Self.samples() {
            for length in encoded.indices {
                #expect(throws: ManifestError.self) {
                    try Self.parse(Array(encoded.prefix(length)))
                }
            }
        }
    }

    @Test func everyCorruptionIsCanonicalOrRefused() throws {
        for encoded in try Self.samples() {
            for position in encoded.indices {
                for byte in UInt8.min...UInt8.max {
                    var corrupt = encoded
                    corrupt[position] = byte
                    do throws(ManifestError) {
                        let again = try Self.parse(corrupt).encoded()
                        if again != corrupt { Issue.record("\(byte) at \(position)") }
                    } catch {
                        continue
                    }
                }
            }
        }
    }

    @Test func longerIsRefused() throws {
        #expect(throws: ManifestError.wrongLength) {
            try Self.parse(Self.goldenLabels + [0x61, 10])
        }
        #expect(throws: ManifestError.wrongLength) { try Self.parse(Self.bytes().encoded() + [0]) }
        #expect(throws: ManifestError.wrongLength) {
            try Self.parse(Self.bytes().encoded() + [UInt8](repeating: 0, count: 16))
        }
    }

    @Test(arguments: [
        (0, UInt8(0), ManifestError.notAManifest), (4, 2, .unknownVersion(2)),
        (5, 2, .unknownScheme(2)), (8, 1, .badGeometry), (16, 1, .badGeometry),
        (24, 3, .wrongLength), (31, 0x80, .wrongLength), (7, 1, .wrongLength),
        (32, 0, .badName(.control)), (36, 10, .badLabel(.empty)),
    ])
    func eachFieldIsChecked(position: Int, byte: UInt8, error: ManifestError) {
        var corrupt = Self.goldenLabels
        corrupt[position] = byte
        #expect(throws: error) { try Self.parse(corrupt) }
    }

    @Test func piecesTooLongForABufferAreRefused() throws {
        var bytes = try Manifest.ofBytes(name: RelativePath("x"), [1]).encoded()
        bytes.replaceSubrange(16..<24, with: [1, 0, 0, 4, 0, 0, 0, 0])
        #expect(throws: ManifestError.badGeometry) { try Self.parse(bytes) }
        bytes.replaceSubrange(16..<24, with: [0, 0, 0, 4, 0, 0, 0, 0])
        #expect(try Self.parse(bytes).geometry.pieceLength == Manifest.pieceLengthMax)
    }

    @Test func onlyTheRightBytesVerify() throws {
        let manifest = try Self.bytes()
        func verifies(_ bytes: [UInt8], _ piece: Int) -> Bool {
            unsafe manifest.verifies(bytes.span.bytes, as: PieceIndex(piece))
        }
        #expect(verifies([1, 2, 3, 4], 0))
        #expect(verifies([5], 1))
        #expect(!verifies([1, 2, 3, 5], 0))
        #expect(!verifies([5, 0], 1))
        #expect(!verifies([], 1))
    }

    @Test func namesMakeContentsDifferent() throws {
        let other = Manifest(
            name: try RelativePath("z"), labels: try LabelTable(text: Array("ab\nc\n".utf8)))
        #expect(try other.contentID != Self.labels().contentID)
    }
}
