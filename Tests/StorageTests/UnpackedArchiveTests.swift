import Content
import FoundationEssentials
import Glibc
import Testing
import Vocabulary

@testable import Storage

@Suite struct UnpackedArchiveTests {
    let scratch: Scratch

    init() throws {
        scratch = try Scratch()
        try scratch.folder("d")
    }

    /// The archive `a`, of which the bytes go into the folder `d`.
    func archive(isDry: Bool = false, hasPlace: Bool = true) throws -> UnpackedArchive {
        UnpackedArchive(
            of: scratch.path("a"), as: try RelativePath("t"),
            beside: hasPlace ? UnpackedArchive.Place(folder: scratch.path("d"), name: "t") : nil,
            scratch: scratch.path, isDry: isDry)
    }

    func source(
        _ archive: UnpackedArchive, _ entries: [TreeEntry]? = nil
    ) throws -> TreeSource {
        let manifest = try TreeManifest(
            entries: entries ?? archive.listing().entries, pieceLength: ByteCount(1000),
            digest: .xxh3, origin: TreeManifest.Origin(publisher: .first, job: 0))
        let site = SourceSite(
            name: try RelativePath("t"), path: scratch.path("a"), unpacked: archive)
        return try TreeSource(manifest, at: [site])
    }

    /// The bytes of all files, one after the other in tree order.
    func bytes(_ source: TreeSource) throws -> [UInt8] {
        var all: [UInt8] = []
        for position in 0..<source.manifest.geometry.pieceCount {
            let piece = PieceIndex(position)
            let buffer = PieceBuffer(byteCount: source.manifest.geometry.size(of: piece))
            try unsafe source.read(piece, into: buffer.memory)
            all += buffer.withBytes { unsafe $0.withUnsafeBytes { unsafe Array($0) } }
        }
        return all
    }

    func content(_ count: Int, _ seed: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: $0 * 7 + ($0 >> 8) * 13 + seed) }
    }

    func lines(_ listing: ArchiveListing) -> [String] {
        listing.entries.map { entry in
            let path = "\(entry.path) \(String(entry.mode, radix: 8))"
            switch entry.body {
            case .folder: return "\(path) folder"
            case .file(let length, _): return "\(path) \(length)"
            case .link(let target): return "\(path) -> \(String(decoding: target, as: UTF8.self))"
            case .sameFile(let other): return "\(path) = \(other)"
            }
        }
    }

    private func flaw(_ archive: UnpackedArchive) throws -> StorageError.ArchiveFlaw? {
        do { _ = try archive.listing() } catch StorageError.badArchive(_, let flaw) {
            return flaw
        }
        return nil
    }

    private func flaw(
        _ format: SampleArchive.Format = .tar, _ write: (SampleArchive) -> Void
    ) throws -> StorageError.ArchiveFlaw? {
        do { write(SampleArchive(scratch.path("a"), format)) }
        let found = try flaw(archive())
        #expect(try scratch.names("d") == [], "nothing is left of a refused archive")
        return found
    }

    @Test(arguments: SampleArchive.Format.allCases)
    func everyFormatGivesTheTreeAndItsBytes(format: SampleArchive.Format) throws {
        do {
            let made = SampleArchive(scratch.path("a"), format)
            made.folder("z", mode: 0o700)
            made.file("z/late", content(2500, 1))
            made.file("early", content(70_000, 2), mode: 0o755)
            made.file("deep/down/äöü", content(10, 3))
            made.file("nothing", "")
            made.link("link", to: "../elsewhere")
        }
        let archive = try archive()
        let listing = try archive.listing().chosen(by: PathFilter(), preserves: false)
        #expect(
            lines(listing) == [
                "t 755 folder", "t/deep 755 folder", "t/deep/down 755 folder",
                "t/deep/down/äöü 640 10", "t/early 755 70000", "t/link 777 -> ../elsewhere",
                "t/nothing 640 0", "t/z 700 folder", "t/z/late 640 2500",
            ])
        let late = try #require(listing.entries.last)
        #expect(late.modified == FileTime(seconds: Int64(SampleArchive.date), nanoseconds: 0))
        #expect(
            try bytes(source(archive, listing.entries))
                == content(10, 3) + content(70_000, 2) + content(2500, 1))
        #expect(archive.unpackedCount == 1)
        let names = ["bytes", "index", "lock"].dropFirst(format == .tar ? 1 : 0)
        #expect(try scratch.names("d/.t.mpiswarm-archive") == Array(names))
    }

    @Test func anEmptyArchiveIsAnEmptyFolder() throws {
        do { _ = SampleArchive(scratch.path("a"), .tarGzip) }
        #expect(try archive().listing().entries.map(\.path.description) == ["t"])
    }

    @Test func ownersAndSetIDBitsAreKeptOnRequestAlone() throws {
        do { SampleArchive(scratch.path("a")).file("x", "x", mode: 0o4755) }
        let listing = try archive().listing()
        let kept = listing.chosen(by: PathFilter(), preserves: true).entries[1]
        #expect(kept.preserved == Preserved(owner: 12, group: 34) && kept.mode == 0o4755)
        let plain = listing.chosen(by: PathFilter(), preserves: false).entries[1]
        #expect(plain.preserved == nil && plain.mode == 0o755)
    }

    @Test func holesAreNeitherWrittenNorCounted() throws {
        do {
            SampleArchive(scratch.path("a")).sparse(
                "holes", length: 3_000_000, content(512, 1), at: 1_048_576)
        }
        let archive = try archive()
        let entry = try #require(try archive.listing().entries.last)
        #expect(
            entry.body
                == .file(
                    length: 3_000_000,
                    extents: [Extent(start: 1_048_576, end: 1_048_576 + 512)].compactMap(\.self)))
        let whole = try bytes(source(archive))
        #expect(whole.count == 3_000_000 && whole.count { $0 != 0 } <= 512)
        #expect(Array(whole[1_048_576..<1_049_088]) == content(512, 1))
    }

    /// Tree order is not the order of the archive, so that another name may come first.
    @Test func hardLinksShareOneFile() throws {
        do {
            let made = SampleArchive(scratch.path("a"))
            made.file("m", "shared")
            made.sameFile("a", as: "m")
            made.sameFile("z", as: "a")
            made.link("link", to: "m")
            made.sameFile("link2", as: "link")
        }
        let archive = try archive()
        let listing = try archive.listing()
        #expect(
            lines(listing) == [
                "t 755 folder", "t/a 640 6", "t/link 777 -> m", "t/link2 777 -> m",
                "t/m 640 = t/a", "t/z 640 = t/a",
            ])
        let rule = FilterRule(excludes: true, try #require(GlobPattern(bytes: Array("/a".utf8))))
        let rest = listing.chosen(by: PathFilter(rules: [rule]), preserves: false)
        #expect(
            lines(rest).filter { !$0.contains("link") } == [
                "t 755 folder", "t/m 640 6", "t/z 640 = t/m",
            ])
        #expect(rest.excluded.map(\.description) == ["t/a"])
        #expect(try bytes(source(archive, rest.entries)) == Array("shared".utf8))
    }

    @Test func aLaterEntryReplacesAnEarlierOne() throws {
        do {
            let made = SampleArchive(scratch.path("a"))
            made.file("x", "old and long")
            made.sameFile("kept", as: "x")
            made.file("./x", "new")
            made.link("y", to: "x")
            made.file("y", "file")
            made.folder("d", mode: 0o700)
            made.folder("d/", mode: 0o711)
        }
        let archive = try archive()
        #expect(
            lines(try archive.listing()) == [
                "t 755 folder", "t/d 711 folder", "t/kept 640 12", "t/x 640 3", "t/y 640 4",
            ])
        #expect(try bytes(source(archive)) == Array("old and longnewfile".utf8))
    }

    @Test func pipesAreLeftOut() throws {
        do {
            let made = SampleArchive(scratch.path("a"))
            made.pipe("pipe")
            made.file("x", "x")
        }
        let listing = try archive().listing()
        #expect(lines(listing) == ["t 755 folder", "t/x 640 1"])
        #expect(listing.leftOut.map(\.description) == ["t/pipe"])
    }

    @Test func namesThatLeadOutAreRefused() throws {
        #expect(try flaw { $0.file("/etc/x", "") } == .badName("/etc/x", .absolute))
        #expect(try flaw { $0.file("a/../../x", "") } == .badName("a/../../x", .climbs))
        #expect(try flaw(.zip) { $0.file("../x", "") } == .badName("../x", .climbs))
        let long = String(repeating: "n", count: 256)
        #expect(try flaw { $0.file(long, "") } == .badName(long, .tooLong))
        #expect(
            try flaw {
                $0.link("l", to: "/etc")
                $0.file("l/passwd", "")
            } == .misplaced("l/passwd"))
        #expect(
            try flaw {
                $0.file("f", "")
                $0.folder("f")
            } == .contradictory("f/"))
        #expect(
            try flaw {
                $0.folder("f")
                $0.link("f", to: "/etc")
            } == .contradictory("f"))
        #expect(
            try flaw { $0.sameFile("x", as: "/etc/passwd") }
                == .badName("/etc/passwd", .absolute))
        #expect(try flaw { $0.sameFile("x", as: "y") } == .badLink("x", to: "y"))
    }

    @Test func otherFilesAreRefused() throws {
        for text in ["", "no archive", String(repeating: "text\n", count: 5000)] {
            try scratch.put(text, "a")
            #expect(try flaw(archive()) == .unknown)
        }
        #expect(try scratch.names("d") == [])
        try FileManager.default.removeItem(atPath: scratch.path("a"))
        try scratch.folder("a")
        #expect(throws: StorageError.notAFile(path: scratch.path("a"))) {
            try archive().listing()
        }
    }

    @Test(arguments: SampleArchive.Format.allCases)
    func aTruncatedArchiveIsRefused(format: SampleArchive.Format) throws {
        do {
            let made = SampleArchive(scratch.path("a"), format)
            made.file("first", content(10_000, 1))
            // More than a block of bzip2, and not to be compressed.
            var word: UInt32 = 1
            made.file(
                "x",
                (0..<1_500_000).map { _ in
                    word = word &* 1_664_525 &+ 1_013_904_223
                    return UInt8(word >> 24)
                })
        }
        let whole = try Array(Data(contentsOf: URL(filePath: scratch.path("a"))))
        try scratch.put(Array(whole.prefix(whole.count * 2 / 3)), "a")
        guard case .unreadable(_, "x")? = try flaw(archive()) else {
            Issue.record("a truncated archive was taken")
            return
        }
        #expect(try scratch.names("d") == [])
    }

    /// The bytes are not to be compressed, so that only the checksum at the end shows a change.
    @Test(arguments: ["half", "checksum", "length", "cut 4", "cut 8"])
    func aDamagedGzipIsRefused(change: String) throws {
        do {
            let made = SampleArchive(scratch.path("a"), .tarGzip)
            var word: UInt32 = 1
            made.file(
                "x",
                (0..<100_000).map { _ in
                    word = word &* 1_664_525 &+ 1_013_904_223
                    return UInt8(word >> 24)
                })
        }
        var found = try Array(Data(contentsOf: URL(filePath: scratch.path("a"))))
        switch change {
        case "half": found[found.count / 2] ^= 1
        case "checksum": found[found.count - 7] ^= 1
        case "length": found[found.count - 2] ^= 1
        case "cut 4": found.removeLast(4)
        default: found.removeLast(8)
        }
        try scratch.put(found, "a")
        guard case .unreadable? = try flaw(archive()) else {
            Issue.record("a damaged archive was taken")
            return
        }
        #expect(try scratch.names("d") == [])
    }
}
