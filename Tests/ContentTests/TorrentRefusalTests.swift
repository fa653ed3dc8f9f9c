import Testing
import Vocabulary

@testable import Content

@Suite struct TorrentRefusalTests {
    /// A v1 torrent with these in its info dictionary, besides a name and pieces of 16 KiB.
    static func v1(_ first: String, name: String = "1:x", pieces: String = "0:") -> [UInt8] {
        Array(
            "d4:infod\(first)4:name\(name)12:piece lengthi16384e6:pieces\(pieces)ee".utf8)
    }

    static func files(_ files: String...) -> String { "5:filesl\(files.joined())e" }

    static func file(_ path: String, length: Int = 0, attributes: String = "") -> String {
        "d\(attributes)6:lengthi\(length)e4:pathl\(path)ee"
    }

    static func flaw(_ bytes: [UInt8]) -> TorrentFlaw? {
        do throws(TorrentError) {
            _ = try Torrent(parsing: bytes)
            return nil
        } catch {
            return error.flaw
        }
    }

    @Test(arguments: [
        ("2:..", TorrentFlaw.badName(.climbs)), ("0:", .badName(.empty)),
        ("3:a/b", .nameOfSeveralComponents), ("2:/a", .badName(.absolute)),
        ("1:\u{7}", .badName(.control)), ("i1e", .wrongKind(of: "name")),
    ])
    func namesAreHostile(name: String, flaw: TorrentFlaw) {
        #expect(Self.flaw(Self.v1("6:lengthi0e", name: name)) == flaw)
        guard name != "i1e" else { return }
        #expect(Self.flaw(Self.v1(Self.files(Self.file(name)))) == flaw)
        #expect(Self.flaw(Self.v1(Self.files(Self.file("1:a\(name)")))) == flaw)
    }

    @Test func pathsMustFitTogether() throws {
        let a = Self.file("1:a")
        let ab = Self.file("1:a1:b")
        let aMinus = Self.file("2:a-")
        let path = try RelativePath("a")
        #expect(Self.flaw(Self.v1(Self.files(a, aMinus))) == nil)
        #expect(Self.flaw(Self.v1(Self.files(a, a))) == .pathTwice(path))
        #expect(Self.flaw(Self.v1(Self.files(ab, aMinus, a))) == .fileAndFolder(path))
        #expect(Self.flaw(Self.v1(Self.files(Self.file("")))) == .badName(.empty))
        #expect(
            Self.flaw(Self.v1(Self.files(Self.file("1:a", attributes: "4:attr1:l")))) == .link)
    }

    @Test func padsAreShortAndMayRepeat() {
        let pad = Self.file("4:.pad1:0", length: 0, attributes: "4:attr1:p")
        let long = Self.file("4:.pad1:0", length: 16384, attributes: "4:attr1:p")
        #expect(Self.flaw(Self.v1(Self.files(pad, pad))) == nil)
        #expect(Self.flaw(Self.v1(Self.files(long))) == .padTooLong)
    }

    @Test func sizesAreBounded() {
        let most = Self.file("1:a", length: .max)
        #expect(Self.flaw(Self.v1(Self.files(most))) == .tooLarge)
        #expect(Self.flaw(Self.v1(Self.files(most, Self.file("1:b", length: .max)))) == .tooLarge)
        #expect(Self.flaw(Self.v1("6:lengthi9223372036854775807e")) == .tooLarge)
        #expect(Self.flaw(Self.v1("6:lengthi-1e")) == .negative("length"))
        #expect(Self.flaw(Self.v1("6:lengthi1e")) == .wrongPieceCount)
        #expect(Self.flaw(Self.v1("6:lengthi0e", pieces: "1:a")) == .wrongPieceCount)
        #expect(Self.flaw(Self.v1("")) == .missing("length"))
    }

    @Test func otherThingsAreNoTorrents() {
        #expect(Self.flaw([]) == .notBencoded(.ended))
        #expect(Self.flaw(Array("de".utf8)) == .missing("info"))
        #expect(Self.flaw(Array("le".utf8)) == .wrongKind(of: "info"))
        #expect(Self.flaw(Array("d4:infoi1ee".utf8)) == .wrongKind(of: "name"))
        let v3 = "d4:infod12:meta versioni3e4:name1:xee"
        #expect(Self.flaw(Array(v3.utf8)) == .unknownVersion(3))
    }

    /// A v2 torrent of one file of 20,000 bytes in pieces of 16 KiB, with changes.
    static func v2(
        tree: String? = nil, pieceLength: Int = 16384, layers: [UInt8]?, root: [UInt8]
    ) -> [UInt8] {
        let leaf = Array("d6:lengthi20000e11:pieces root32:".utf8) + root + Array("e".utf8)
        let standard = Array("d1:xd0:".utf8) + leaf + Array("ee".utf8)
        var bytes = Array("d4:infod9:file tree".utf8) + (tree.map { Array($0.utf8) } ?? standard)
        bytes += "12:meta versioni2e4:name1:x12:piece lengthi\(pieceLength)ee".utf8
        if let layers { bytes += Array("12:piece layers".utf8) + layers }
        return bytes + Array("e".utf8)
    }

    @Test func layersAreHeldToTheirRoots() throws {
        let layer = (0..<64).map { UInt8($0) }
        let root = Digester.digest(of: layer, .sha256)
        let entry = Array("d32:".utf8) + root + Array("64:".utf8) + layer
        let end = Array("e".utf8)
        #expect(Self.flaw(Self.v2(layers: entry + end, root: root)) == nil)
        let path = try RelativePath("x")
        #expect(Self.flaw(Self.v2(layers: nil, root: root)) == .missing("piece layers"))
        let none = Array("de".utf8)
        #expect(Self.flaw(Self.v2(layers: none, root: root)) == .layerMissing(path))
        var wrong = entry
        wrong[wrong.count - 1] ^= 1
        #expect(Self.flaw(Self.v2(layers: wrong + end, root: root)) == .layerDiffersFromRoot(path))
        let short = Array("d32:".utf8) + root + Array("32:".utf8) + layer.prefix(32) + end
        #expect(Self.flaw(Self.v2(layers: short, root: root)) == .wrongPieceCount)
        let more =
            Array("d32:".utf8) + [UInt8](repeating: 0, count: 32) + Array("0:".utf8)
            + entry.dropFirst() + end
        #expect(Self.flaw(Self.v2(layers: more, root: root)) == .layerOfNothing)
        let odd = Self.v2(pieceLength: 20000, layers: entry + end, root: root)
        #expect(Self.flaw(odd) == .badPieceLength(20000))
    }

    @Test(arguments: [
        ("d1:xd0:d6:lengthi1eeee", TorrentFlaw.rootMissing),
        ("d1:xd0:d6:lengthi0e11:pieces root0:eee", .badRoot),
        ("d1:xd0:d6:lengthi1e11:pieces root1:aeee", .badRoot),
        ("d2:..d0:d6:lengthi0eeee", .badName(.climbs)),
        ("d3:a/bd0:d6:lengthi0eeee", .nameOfSeveralComponents),
        ("d1:xi1ee", .wrongKind(of: "file tree")), ("d0:d6:lengthi0eee", .badName(.empty)),
    ])
    func treesAreHostile(tree: String, flaw: TorrentFlaw) {
        let bytes = Self.v2(
            tree: tree, layers: Array("de".utf8), root: [UInt8](repeating: 0, count: 32))
        #expect(Self.flaw(bytes) == flaw)
    }

    @Test func aFileIsNoFolder() throws {
        let tree = "d1:xd0:d6:lengthi0ee1:yd0:d6:lengthi0eeeee"
        let bytes = Self.v2(
            tree: tree, layers: Array("de".utf8), root: [UInt8](repeating: 0, count: 32))
        #expect(Self.flaw(bytes) == .fileAndFolder(try RelativePath("x")))
    }

    @Test(arguments: Torrent.Version.allCases)
    func corruptionIsCanonicalOrRefused(version: Torrent.Version) throws {
        let bytes = try TorrentSamples.torrent(
            version, TorrentSamples.folder, isSingleFile: false
        ).encoded()
        for length in stride(from: 0, to: bytes.count, by: 7) {
            #expect(throws: TorrentError.self) {
                try Torrent(parsing: Array(bytes.prefix(length)))
            }
        }
        var chance = Chance(seed: 9)
        for _ in 0..<3000 {
            var corrupt = bytes
            for _ in 0..<1 + chance.below(3) {
                corrupt[chance.below(bytes.count)] = UInt8(chance.below(256))
            }
            do throws(TorrentError) {
                let again = try Torrent(parsing: corrupt).encoded()
                if again != corrupt { Issue.record("\(corrupt)") }
            } catch {
                continue
            }
        }
    }

    @Test func halvesMustAgree() throws {
        let hybrid = try TorrentSamples.torrent(
            .hybrid, TorrentSamples.folder, isSingleFile: false)
        var text = hybrid.encoded()
        // The first path of the list of v1; the tree has it as keys.
        let path = Array("4:pathl1:a1:y1:xe".utf8)
        let start = try #require(text.indices.first { text[$0...].starts(with: path) })
        text[start + path.count - 2] = UInt8(ascii: "w")
        #expect(Self.flaw(text) == .halvesDiffer)
    }
}
