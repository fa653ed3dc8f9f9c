import Content
import Testing
import Vocabulary

@testable import Storage

/// Trees that travel in parts while their archive is being read.
extension UnpackedArchiveTests {
    /// An archive of that many incompressible files, whose names are in no order.
    private func write(_ count: Int, _ format: SampleArchive.Format = .tarGzip) throws {
        let made = SampleArchive(scratch.path("a"), format)
        for number in 0..<count { made.file("f\(number * 7 % count)/x", noise(100_000, number)) }
        made.link("link", to: "f0")
        made.file("f0/empty", "")
        made.sameFile("f1/again", as: "f0/x")
    }

    private func noise(_ count: Int, _ seed: Int) -> [UInt8] {
        var chance = Chance(seed: UInt64(seed))
        return (0..<count).map { _ in UInt8(truncatingIfNeeded: chance.next()) }
    }

    private func source(
        of archive: UnpackedArchive, part: Int, _ listing: ArchiveListing
    ) throws -> TreeSource {
        let manifest = try TreeManifest(
            entries: listing.entries, pieceLength: ByteCount(64 << 10), digest: .xxh3,
            origin: TreeManifest.Origin(publisher: .first, job: UInt64(part)))
        var site = SourceSite(
            name: try RelativePath("t"), path: scratch.path("a"), unpacked: archive)
        site.part = part
        return try TreeSource(manifest, at: [site])
    }

    /// Every byte of a part can be sent at the moment at which the part is complete.
    @Test(arguments: [SampleArchive.Format.tarGzip, .tarZstd, .zip])
    func aPartIsReadBeforeTheArchiveIs(format: SampleArchive.Format) throws {
        try write(40, format)
        let archive = try archive()
        let found = try #require(archive.parts())
        #expect(found.count == 3)
        var paths: [[String]] = []
        let listing = try archive.unpack(inParts: 3) { number, part in
            #expect(number == paths.count)
            paths.append(part.entries.filter { $0.length > 0 }.map(\.path.description))
            do {
                let source = try source(of: archive, part: number, part)
                let all = try bytes(source)
                #expect(Int64(all.count) == source.manifest.geometry.total.raw)
                #expect(Int64(source.bytesRead) == source.manifest.geometry.total.raw)
            } catch { Issue.record(error) }
        }
        #expect(paths.count == 3 && paths.allSatisfy { $0.count > 8 })
        let files = listing.entries.filter { $0.length > 0 }.map(\.path.description)
        #expect(paths.joined().sorted() == files.sorted(), "each file is in one part")
        #expect(archive.unpackedCount == 1)
        // The parts are the same in the next run over the same archive.
        var again: [[String]] = []
        _ = try self.archive(hasPlace: false).unpack(inParts: 3) { _, part in
            again.append(part.entries.filter { $0.length > 0 }.map(\.path.description))
        }
        #expect(again == paths)
    }

    /// Otherwise a receiver could take the first bytes for those of the tree.
    @Test func aFileThatAHardLinkFillsAgainIsInTwoParts() throws {
        let top = try RelativePath("t")
        let date = try #require(FileTime(seconds: 1, nanoseconds: 0))
        let extent = try #require(Extent(start: 0, end: 5))
        var tree = ArchiveTree(of: "a", as: top, modified: date)
        func entry(_ name: String, _ kind: ArchiveEntry.Kind) -> ArchiveEntry {
            ArchiveEntry(
                name: Array(name.utf8), kind: kind, mode: 0o644, modified: date,
                preserved: Preserved(owner: 0, group: 0), length: 5)
        }
        func fill(_ node: Int?, at start: Int64) throws {
            try tree.fill(#require(node), start: start, length: 5, extents: [extent])
        }
        try fill(tree.add(entry("x", .file)), at: 0)
        #expect(tree.takePart().entries.map(\.path.description) == ["t", "t/x"])
        #expect(try tree.add(entry("y", .sameFile(as: Array("x".utf8)))) != nil)
        #expect(tree.takePart().entries.map(\.path.description) == ["t"])
        try fill(tree.add(entry("z", .sameFile(as: Array("y".utf8)))), at: 5)
        let part = tree.takePart()
        #expect(part.entries.map(\.path.description) == ["t", "t/x"])
        #expect(part.starts == [0, 5])
    }

    /// The whole tree has what later entries made of earlier ones.
    @Test func aLaterEntryReplacesOneOfAnEarlierPart() throws {
        do {
            let made = SampleArchive(scratch.path("a"), .tarGzip)
            made.file("x", noise(900_000, 1))
            made.file("y", noise(900_000, 2))
            made.file("x", noise(900_000, 3))
        }
        let archive = try archive()
        var parts: [[String]] = []
        let listing = try archive.unpack(inParts: 3) { _, part in
            parts.append(part.entries.map(\.path.description))
        }
        #expect(parts == [["t", "t/x"], ["t", "t/y"], ["t", "t/x"]])
        #expect(
            try bytes(source(archive, listing.entries)) == noise(900_000, 3) + noise(900_000, 2))
    }

    /// An entry that is longer than a part leaves the next ones empty.
    @Test func everyPartComesEvenIfItIsEmpty() throws {
        do {
            let made = SampleArchive(scratch.path("a"), .tarGzip)
            made.file("long", noise(3 << 20, 1))
            made.file("x", "1")
        }
        var parts: [[String]] = []
        _ = try archive().unpack(inParts: 4) { _, part in
            parts.append(part.entries.map(\.path.description))
        }
        #expect(parts.first == ["t", "t/long"] && parts.last == ["t", "t/x"])
        #expect(parts.count == 4 && parts.dropFirst().dropLast().allSatisfy { $0 == ["t"] })
    }

    @Test func damageThatIsFoundLateLeavesNothing() throws {
        try write(40)
        try scratch.shell("truncate -s -50000 a")
        var count = 0
        let archive = try archive()
        #expect(throws: StorageError.self) {
            _ = try archive.unpack(inParts: 3) { _, _ in count += 1 }
        }
        #expect(count == 2)
        #expect(try scratch.names("d") == [])
    }

    @Test func theReadingIsStopped() throws {
        try write(40)
        let archive = try archive()
        var count = 0
        #expect(throws: StorageError.self) {
            _ = try archive.unpack(inParts: 3) { _, _ in
                count += 1
                archive.stop()
            }
        }
        #expect(count == 1)
    }

    /// A long file is not read to its end.
    @Test func theReadingIsStoppedWithinAPart() throws {
        try write(40)
        let archive = try archive()
        archive.stop()
        #expect(throws: StorageError.self) {
            _ = try archive.unpack(inParts: 3) { _, _ in Issue.record("nothing is read") }
        }
    }

    @Test(arguments: [SampleArchive.Format.tar, .tarGzip])
    func smallAndPlainArchivesAreListedFirst(format: SampleArchive.Format) throws {
        try write(format == .tar ? 40 : 4, format)
        #expect(try archive().parts() == nil)
        try scratch.put("no archive", "a")
        #expect(try archive().parts() == nil)
    }

    @Test func anArchiveThatIsKnownIsListedFirst() throws {
        try write(40)
        _ = try archive().listing()
        #expect(try archive().parts() == nil)
        #expect(try archive(isDry: true).parts() == nil)
    }
}
