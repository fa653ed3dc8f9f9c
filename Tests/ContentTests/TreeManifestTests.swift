import Testing
import Vocabulary

@testable import Content

@Suite struct TreeManifestTests {
    static func parse(_ bytes: [UInt8]) throws(TreeError) -> TreeManifest {
        try unsafe TreeManifest(parsing: bytes.span.bytes)
    }

    static let date: [UInt8] = [1, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0]
    static let golden: [UInt8] =
        Array("MSWT".utf8) + [1, 1, 0, 0]
        + [3, 0, 0, 0, 8, 0, 0, 0]
        + [8, 7, 6, 5, 4, 3, 2, 1]
        + [64, 0, 0, 0, 0, 0, 0, 0]
        + [0, 0, 1, 0] + Array("d".utf8) + [0xED, 1] + date
        + [0, 1, 2, 0] + Array("/a".utf8) + [0xED, 1] + date
        + [1, 3, 2, 0] + Array("/x".utf8) + [0xA4, 1] + date + [5, 0, 0, 0, 0, 0, 0, 0]
        + [2, 2, 1, 0] + Array("b".utf8) + [0xA4, 1] + date + [100, 0, 0, 0, 0, 0, 0, 0]
        + [2, 0, 0, 0]
        + [10, 0, 0, 0, 0, 0, 0, 0, 20, 0, 0, 0, 0, 0, 0, 0]
        + [21, 0, 0, 0, 0, 0, 0, 0, 100, 0, 0, 0, 0, 0, 0, 0]
        + [3, 2, 1, 0] + Array("c".utf8) + [0xFF, 1] + date + [3, 0] + Array("a/x".utf8)
        + [4, 2, 1, 0] + Array("e".utf8) + [0xA4, 1] + date + [2, 0, 0, 0]
        + [1, 2, 2, 0] + Array("é".utf8) + [0xA4, 1] + date + [0, 0, 0, 0, 0, 0, 0, 0]
        + [1, 0, 1, 0] + Array("f".utf8) + [0xA4, 1] + date + [1, 0, 0, 0, 0, 0, 0, 0]

    @Test func goldenBytesStand() throws {
        let manifest = try TreeSamples.manifest(TreeSamples.small())
        #expect(manifest.encoded() == Self.golden)
        #expect(try Self.parse(Self.golden) == manifest)
        let sha256 = try TreeSamples.manifest(TreeSamples.small(), .sha256)
        #expect(sha256.encoded()[5] == 2)
        #expect(try Self.parse(sha256.encoded()) == sha256)
        let empty = try TreeSamples.manifest([])
        #expect(try Self.parse(empty.encoded()) == empty)
    }

    @Test func fingerprintsIgnoreWhoPublishes() throws {
        let entries = try TreeSamples.small()
        let manifest = try TreeSamples.manifest(entries)
        let other = try TreeManifest(
            entries: entries, pieceLength: ByteCount(64), digest: .xxh3,
            origin: TreeManifest.Origin(publisher: Rank(9), job: 1))
        #expect(manifest.fingerprint == other.fingerprint)
        #expect(manifest.encoded() != other.encoded())
        #expect(
            try manifest.fingerprint
                != TreeSamples.manifest(entries, pieceLength: 128).fingerprint)
        #expect(
            try manifest.fingerprint != TreeSamples.manifest(entries.dropLast()).fingerprint)
    }

    @Test func everyPrefixIsRefused() {
        for length in Self.golden.indices {
            #expect(throws: TreeError.self) { try Self.parse(Array(Self.golden.prefix(length))) }
        }
        #expect(throws: TreeError.trailing) { try Self.parse(Self.golden + [0]) }
    }

    static func expectCanonicalOrRefused(_ bytes: [UInt8]) {
        do throws(TreeError) {
            let again = try parse(bytes).encoded()
            if again != bytes { Issue.record("\(bytes)") }
        } catch {
            return
        }
    }

    /// One entry of each kind and no more: there are many bytes, and each has 256 values.
    @Test func everyCorruptionIsCanonicalOrRefused() throws {
        let bytes = try TreeSamples.manifest([
            TreeSamples.folder("d"), TreeSamples.file("d/a", 5),
            TreeSamples.entry("d/b", .file(length: 9, extents: TreeSamples.extents([(1, 9)]))),
            TreeSamples.entry("d/c", .link(target: Array("a".utf8))),
            TreeSamples.entry("d/e", .sameFile(as: RelativePath("d/a"))),
        ]).encoded()
        for position in bytes.indices {
            for byte in UInt8.min...UInt8.max {
                var corrupt = bytes
                corrupt[position] = byte
                Self.expectCanonicalOrRefused(corrupt)
            }
        }
    }

    @Test(arguments: 0..<8)
    func mutationsAreCanonicalOrRefused(seed: UInt64) throws {
        var chance = Chance(seed: seed)
        let bytes = try TreeSamples.manifest(TreeSamples.random(&chance)).encoded()
        for _ in 0..<1000 {
            var corrupt = bytes
            for _ in 0..<1 + chance.below(4) {
                let start = chance.below(corrupt.count)
                let end = min(corrupt.count, start + chance.below(24))
                switch chance.below(4) {
                case 0: corrupt.removeSubrange(start..<end)
                case 1: corrupt.insert(contentsOf: corrupt[start..<end], at: start)
                default: corrupt[start] = UInt8(chance.below(256))
                }
                if corrupt.isEmpty { break }
            }
            Self.expectCanonicalOrRefused(corrupt)
        }
    }

    @Test(arguments: 0..<50)
    func treesOfAllKindsComeBack(seed: UInt64) throws {
        var chance = Chance(seed: seed)
        let manifest = try TreeSamples.manifest(TreeSamples.random(&chance))
        #expect(try Self.parse(manifest.encoded()) == manifest)
    }

    /// A disk knows nothing of text: in the order of their bytes, and each byte as it is.
    @Test func namesAreAnyBytes() throws {
        let names: [[UInt8]] = [[0x01], [0x0A], [0x61, 0x09, 0x62], [0xC3, 0x28], [0xFF, 0xFE]]
        let time = try #require(FileTime(seconds: 1, nanoseconds: 0))
        let entries = try names.map {
            TreeEntry(
                path: try RelativePath(bytes: $0), body: .file(length: 0, extents: []),
                mode: 0o600, modified: time)
        }
        let manifest = try TreeSamples.manifest(entries)
        let again = try Self.parse(manifest.encoded())
        #expect(again.entries.map(\.path.utf8) == names)
    }

    @Test(arguments: [
        (0, UInt8(0), TreeError.notATree), (4, 2, .unknownVersion(2)), (5, 0, .unknownDigest(0)),
        (5, 3, .unknownDigest(3)), (6, 1, .badHead), (7, 1, .badHead), (11, 0x80, .badHead),
        (12, 7, .trailing), (12, 9, .truncated), (15, 0xFF, .truncated), (24, 0, .badGeometry),
        (31, 0x80, .badGeometry), (28, 1, .badGeometry), (32, 5, .badEntry(0)),
        (33, 1, .badEntry(0)), (34, 0, .badEntry(0)), (35, 0xFF, .truncated),
        (36, 0, .badName(.control)), (52, 2, .badEntry(1)), (38, 0x11, .badEntry(0)),
        (50, 0x80, .badEntry(0)),
    ])
    func eachFieldIsChecked(position: Int, byte: UInt8, flaw: TreeError) {
        var corrupt = Self.golden
        corrupt[position] = byte
        #expect(throws: flaw) { try Self.parse(corrupt) }
    }

    /// The longest paths that differ in their last byte alone: a beginning is shared as far as
    /// the format lets it.
    @Test func pathsDoNotGrowFarBeyondTheirBytes() throws {
        let names = (0..<15).map { _ in String(repeating: "n", count: 255) }
        var entries: [TreeEntry] = []
        for depth in names.indices {
            entries.append(try TreeSamples.folder(names[...depth].joined(separator: "/")))
        }
        let short = names[0] + "/"
        for number in 1..<1000 {
            entries.append(try TreeSamples.folder(short + "z\(number + 9000)"))
        }
        let manifest = try TreeSamples.manifest(entries)
        let encoded = manifest.encoded()
        #expect(try Self.parse(encoded) == manifest)
        #expect(entries.reduce(0) { $0 + $1.path.utf8.count } < 14 * encoded.count)
    }

    @Test func longDescriptionsAreContents() throws {
        let short = TreePublication(try TreeSamples.manifest(TreeSamples.small()))
        #expect(short.encoded == Self.golden && short.nested == nil)
        #expect(short.inlineManifest == Self.golden)
        #expect(short.content == ContentID(ofManifest: Self.golden))
        let files = try (10_000..<20_000).map { try TreeSamples.file("d/\($0)", 1) }
        let long = TreePublication(try TreeSamples.manifest([TreeSamples.folder("d")] + files))
        let nested = try #require(long.nested)
        #expect(nested.manifest.geometry.total == ByteCount(Int64(long.encoded.count)))
        #expect(try nested.manifest.name == RelativePath("d"))
        #expect(long.inlineManifest == nested.encoded)
        #expect(nested.encoded.count <= NestedManifest.inlineMax)
        #expect(long.geometry.total == ByteCount(10_000))
    }
}
