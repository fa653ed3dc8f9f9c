import Testing
import Vocabulary

@testable import Content

@Suite struct SeedFileTests {
    static let bytes = TorrentSamples.content(1200, 3)

    static func make(
        _ bytes: [UInt8] = bytes, pieceLength: Int64 = 512, _ algorithm: DigestAlgorithm = .md5
    ) throws -> SeedFile {
        let name = try RelativePath("x")
        let plan = SeedFile.plan(
            length: Int64(bytes.count), pieceLength: pieceLength, algorithm: algorithm)
        let digests = TorrentSamples.digests(plan, [name], [("x", bytes)])
        return try #require(
            SeedFile(
                name: name, length: Int64(bytes.count), pieceLength: pieceLength,
                algorithm: algorithm, digests))
    }

    @Test func goldenTextStands() throws {
        let seed = try Self.make()
        let hashes = [0..<1200, 0..<512, 512..<1024, 1024..<1200].map {
            hexText(Digester.digest(of: Array(Self.bytes[$0]), .md5))
        }
        let text = "x\n1200\n" + hashes.joined(separator: "\n") + "\n"
        #expect(seed.encoded() == Array(text.utf8))
        #expect(try SeedFile(parsing: seed.encoded()) == seed)
        #expect(try SeedFile(parsing: seed.encoded().dropLast()) == seed)
        #expect(try SeedFile(parsing: Array("x\n".utf8) + Array(text.utf8).dropFirst(2)) == seed)
    }

    @Test(arguments: [(Int64(256), DigestAlgorithm.md5), (1024, .sha256), (512, .sha256)])
    func powersOfTwoAreRecognised(pieceLength: Int64, algorithm: DigestAlgorithm) throws {
        let seed = try Self.make(pieceLength: pieceLength, algorithm)
        #expect(try SeedFile(parsing: seed.encoded()) == seed)
    }

    @Test func otherLengthsMustBeSaid() throws {
        let seed = try Self.make(pieceLength: 250)
        #expect(try SeedFile(parsing: seed.encoded(), pieceLength: 250) == seed)
        #expect(throws: SeedFileError(line: 8, flaw: .wrongPieceCount(5))) {
            try SeedFile(parsing: seed.encoded(), pieceLength: 512)
        }
    }

    @Test func nothingHasNoPieces() throws {
        let seed = try Self.make([])
        #expect(seed.encoded() == Array("x\n0\nd41d8cd98f00b204e9800998ecf8427e\n".utf8))
        #expect(try SeedFile(parsing: seed.encoded()) == seed)
    }

    @Test(arguments: [
        ("", 1, SeedFileFlaw.ended), ("x", 2, .ended), ("x\n0\n", 3, .ended),
        ("..\n0\nd41d8cd98f00b204e9800998ecf8427e", 1, .badName(.climbs)),
        ("a/b\n0\nd41d8cd98f00b204e9800998ecf8427e", 1, .nameOfSeveralComponents),
        ("\n0\nd41d8cd98f00b204e9800998ecf8427e", 1, .badName(.empty)),
        ("x\n-1\nd41d8cd98f00b204e9800998ecf8427e", 2, .badLength),
        ("x\n00\nd41d8cd98f00b204e9800998ecf8427e", 2, .badLength),
        ("x\n9223372036854775808\nd41d8cd98f00b204e9800998ecf8427e", 2, .badLength),
        ("x\n0\nd41d8cd98f00b204e9800998ecf8427", 3, .badDigest),
        ("x\n0\nd41d8cd98f00b204e9800998ecf8427g", 3, .badDigest),
        ("x\n0\nd41d8cd98f00b204e9800998ecf8427e\n\n", 4, .badDigest),
        ("x\n1\nd41d8cd98f00b204e9800998ecf8427e\n", 3, .wrongPieceCount(0)),
        (
            "x\n9223372036854775807\nd41d8cd98f00b204e9800998ecf8427e\n", 3, .wrongPieceCount(0)
        ),
    ])
    func flawsAreReportedWithTheirLine(text: String, line: Int, flaw: SeedFileFlaw) {
        #expect(throws: SeedFileError(line: line, flaw: flaw)) {
            try SeedFile(parsing: Array(text.utf8))
        }
    }

    @Test func everyPrefixIsRefused() throws {
        let bytes = try Self.make().encoded()
        for length in bytes.indices {
            do throws(SeedFileError) {
                _ = try SeedFile(parsing: Array(bytes.prefix(length)), pieceLength: 512)
                if length < bytes.count - 1 { Issue.record("\(length)") }
            } catch {
                continue
            }
        }
    }

    @Test func wrongBytesAreFound() throws {
        let seed = try Self.make()
        func findings(_ bytes: [UInt8]) -> Findings {
            seed.findings(in: TorrentSamples.digests(seed.plan, [seed.name], [("x", bytes)]))
        }
        #expect(findings(Self.bytes).badCount == 0)
        #expect(findings(Self.bytes).wholeIsGood == true)
        var wrong = Self.bytes
        wrong[600] ^= 1
        #expect(findings(wrong).isBad == [false, true, false])
        #expect(findings(wrong).wholeIsGood == false)
        #expect(findings(wrong.dropLast(200)).isBad == [false, true, true])
    }

    @Test func manifestsAreMadeAndVerifiedAlike() throws {
        let name = try RelativePath("x")
        let manifest = Manifest.ofBytes(name: name, Self.bytes, pieceLength: ByteCount(500))
        let plan = Manifest.plan(length: 1200, pieceLength: 500)
        let digests = TorrentSamples.digests(plan, [name], [("x", Self.bytes)])
        #expect(Manifest(name: name, length: 1200, pieceLength: 500, digests) == manifest)
        #expect(manifest.plan == plan)
        #expect(manifest.findings(in: digests).badCount == 0)
        let wrong = TorrentSamples.digests(plan, [name], [("x", Self.bytes.reversed())])
        #expect(manifest.findings(in: wrong).badCount == 3)
    }
}
