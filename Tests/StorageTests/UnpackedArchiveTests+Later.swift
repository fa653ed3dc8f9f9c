import Content
import FoundationEssentials
import Glibc
import Testing
import Vocabulary

@testable import Storage

/// What one run leaves for the next.
extension UnpackedArchiveTests {
    @Test func theNextRunNeedsNoDecompression() throws {
        do {
            let made = SampleArchive(scratch.path("a"), .tarGzip)
            made.file("x", content(3000, 1))
            made.pipe("pipe")
        }
        let first: ArchiveListing
        do {
            let one = try archive()
            first = try one.listing()
        }
        // The job was killed: its bytes are still there.
        do {
            let next = try archive()
            #expect(try next.listing() == first)
            #expect(try bytes(source(next)) == content(3000, 1))
            #expect(next.unpackedCount == 0)
            next.discard()
        }
        #expect(try scratch.names("d/.t.mpiswarm-archive") == ["index", "lock"])
        let last = try archive()
        #expect(try last.listing() == first)
        #expect(last.unpackedCount == 0)
        #expect(try bytes(source(last)) == content(3000, 1), "a copy is gone")
        #expect(last.unpackedCount == 1)
    }

    @Test func anotherArchiveIsUnpackedAgain() throws {
        do { SampleArchive(scratch.path("a")).file("x", "one") }
        _ = try archive().listing()
        do { SampleArchive(scratch.path("a")).file("x", "two") }
        let next = try archive()
        #expect(try bytes(source(next)) == Array("two".utf8))
        #expect(next.unpackedCount == 1)
    }

    /// The list came from the index, and the bytes would be of another archive with the same list.
    @Test func anArchiveThatIsReplacedAfterItsListIsRefused() throws {
        func make(_ text: String) {
            let made = SampleArchive(scratch.path("a"), .tarGzip)
            made.folder(".")
            made.file("x", text)
        }
        make("one")
        do {
            let one = try archive()
            _ = try one.listing()
            one.discard()
        }
        let next = try archive()
        _ = try next.listing()
        make("two")
        #expect(throws: StorageError.changed(path: scratch.path("a"))) {
            _ = try bytes(source(next))
        }
    }

    @Test(arguments: ["index", "bytes"])
    func aDamagedNoteIsNotBelieved(name: String) throws {
        do { SampleArchive(scratch.path("a"), .tarGzip).file("x", content(3000, 1)) }
        _ = try archive().listing()
        let path = "d/.t.mpiswarm-archive/\(name)"
        var found = try Array(Data(contentsOf: URL(filePath: scratch.path(path))))
        found[found.count / 2] ^= 1
        let file = try OpenFile(opening: scratch.path(path), flags: O_WRONLY | O_TRUNC)
        try unsafe file.write(found.span.bytes, path: path)
        let next = try archive()
        #expect(try bytes(source(next)) == content(3000, 1))
        #expect(next.unpackedCount == 1)
    }

    @Test func aDryRunWritesNothing() throws {
        do { SampleArchive(scratch.path("a")).file("x", "x") }
        #expect(lines(try archive(isDry: true).listing()) == ["t 755 folder", "t/x 640 1"])
        #expect(try scratch.names("d") == [])
    }

    /// The other job keeps its bytes; these have no name.
    @Test func theBytesHaveNoNameWhileAnotherJobUnpacks() throws {
        do { SampleArchive(scratch.path("a")).file("x", "x") }
        let one = try archive()
        _ = try one.listing()
        let other = try archive()
        let before = try scratch.names()
        #expect(try bytes(source(other)) == Array("x".utf8))
        #expect(other.unpackedCount == 1)
        #expect(try scratch.names() == before)
        other.discard()
        #expect(try bytes(source(one)) == Array("x".utf8))
        let away = try archive(hasPlace: false)
        #expect(try bytes(source(away)) == Array("x".utf8))
        #expect(try scratch.names() == before)
    }

    /// The list was made again for each of its entries.
    @Test(.timeLimit(.minutes(1))) func manyFilesAreChosenInOnePass() throws {
        var listing = ArchiveListing()
        let date = try #require(FileTime(seconds: 0, nanoseconds: 0))
        func add(_ path: String, _ body: TreeEntry.Body) throws {
            listing.entries.append(
                TreeEntry(
                    path: try RelativePath(path), body: body, mode: 0o755, modified: date))
            listing.starts.append(0)
        }
        try add("t", .folder)
        for number in 100_000..<200_000 { try add("t/\(number)", .file(length: 0, extents: [])) }
        try add("t/link", .sameFile(as: RelativePath("t/100000")))
        let chosen = listing.chosen(by: PathFilter(), preserves: false)
        #expect(chosen.entries == listing.entries)
    }
}
