import CLinux
import Content
import Glibc
import Testing
import Vocabulary

@testable import Storage

/// Copies whose files are hard links of those in the cache.
@Suite struct CacheLinkTests {
    private let sample: CacheSample

    init() throws { sample = try CacheSample() }

    private var scratch: Scratch { sample.scratch }
    private var tree: SampleTree { sample.tree }

    private func number(_ name: String) throws -> UInt64 {
        UInt64(try status(name).st_ino)
    }

    private func status(_ name: String) throws -> stat {
        try OpenFile(opening: scratch.path(name), flags: O_RDONLY).status(path: name)
    }

    @Test func aFinishedCopyAndTheCacheAreOneFile() throws {
        try sample.stage(into: "one", sample.cache(links: true))
        for name in ["set/deep/b", "set/deep/c", "set/holes", "set/a"] {
            #expect(try number("one/\(name)") == number(sample.file(of: name)), "\(name)")
        }
        for folder in ["two", "three"] {
            #expect(try sample.stage(into: folder, sample.cache(links: true)) == 0)
            try tree.expectInPlace(in: scratch.path(folder))
            for name in ["set/deep/b", "set/deep/c", "set/holes"] {
                #expect(try number("\(folder)/\(name)") == number("one/\(name)"), "\(name)")
            }
        }
    }

    /// One with several names in the tree, and one that runs in the name of its owner.
    @Test func someFilesAreCopied() throws {
        for folder in ["one", "two"] {
            _ = try sample.stage(into: folder, sample.cache(links: true))
        }
        for name in ["set/a", "set/last"] {
            #expect(try number("two/\(name)") != number("one/\(name)"), "\(name)")
        }
        #expect(try number("two/set/a") == number("two/set/deep/z"))
        #expect(try status("two/set/last").st_nlink == 1)
    }

    /// The files that an earlier job has copied to the cache have other rights and another date.
    @Test func aCopyInTheCacheIsReplacedByALink() throws {
        try sample.stage(into: "one", sample.cache())
        #expect(try sample.stage(into: "two", sample.cache(links: true)) == 0)
        try tree.expectInPlace(in: scratch.path("two"))
        #expect(try number("two/set/holes") == number(sample.file(of: "set/holes")))
        #expect(try sample.stage(into: "three", sample.cache(links: true)) == 0)
        #expect(try number("three/set/holes") == number("two/set/holes"))
        #expect(try number("one/set/holes") != number("two/set/holes"))
        #expect(try scratch.names("cache/drafts").isEmpty)
    }

    /// The links of earlier jobs keep what the user wrote; the new copy gets what is right.
    @Test(arguments: [false, true]) func whatAUserWritesIsFoundAndStaysHis(isDated: Bool) throws {
        try sample.stage(into: "one", sample.cache(links: true))
        try sample.stage(into: "two", sample.cache(links: true))
        let before = try status("one/set/holes")
        try sample.damage("one/set/holes", at: 8195)
        if isDated {
            let times = [timespec(tv_sec: 0, tv_nsec: clinux_time_omitted), before.st_mtim]
            let result = unsafe utimensat(AT_FDCWD, scratch.path("one/set/holes"), times, 0)
            #expect(result == 0)
        }
        let written = try readWhole(path: scratch.path("one/set/holes"))
        #expect(try sample.stage(into: "three", sample.cache(links: true)) == 1)
        try tree.expectInPlace(in: scratch.path("three"))
        #expect(try number("three/set/holes") != number("one/set/holes"))
        for folder in ["one", "two"] {
            #expect(try readWhole(path: scratch.path("\(folder)/set/holes")) == written)
        }
        #expect(try sample.stage(into: "four", sample.cache(links: true)) == 0)
        try tree.expectInPlace(in: scratch.path("four"))
    }

    /// The publisher has other bytes by now.
    @Test func aPieceIsNeverWrittenToALink() throws {
        try sample.stage(into: "one", sample.cache(links: true))
        let area = try sample.begin(in: "two", sample.cache(links: true))
        let cached = try readWhole(path: scratch.path("one/set/holes"))
        // Its first 810 bytes are of that file, and no hole.
        let piece = PieceIndex(153)
        #expect(area.entries[10].isShared)
        try area.drop(piece)
        var bytes = tree.piece(piece, of: area.layout.manifest)
        bytes[500] ^= 0xFF
        let digest = SampleTree.digest(bytes, .sha256)
        try unsafe area.write(bytes.span.bytes, as: piece, digest: digest)
        #expect(!area.entries[10].isShared)
        #expect(try readWhole(path: scratch.path("one/set/holes")) == cached)
        #expect(try sample.tree.read(piece, from: area) == bytes)
        #expect(try area.finish())
        #expect(try status("two/set/holes").st_nlink == 1)
        #expect(try status("two/set/holes").st_mode & 0o7777 == 0o644)
        #expect(try readWhole(path: scratch.path("one/set/holes")) == cached)
        #expect(try readWhole(path: scratch.path("two/set/holes")) != cached)
    }

    /// That changes the state of the file, and not its bytes.
    @Test func aLinkThatAnotherJobLinksStaysOne() throws {
        try sample.stage(into: "one", sample.cache(links: true))
        let area = try sample.begin(in: "two", sample.cache(links: true))
        #expect(try sample.stage(into: "three", sample.cache(links: true)) == 0)
        try tree.fill(area)
        #expect(try area.finish())
        try tree.expectInPlace(in: scratch.path("two"))
        #expect(try number("two/set/holes") == number("three/set/holes"))
    }

    /// One that its user alters while a job is about to give it a second name.
    @Test func aLinkThatIsAlteredMeanwhileIsFetchedAgain() throws {
        try sample.stage(into: "one", sample.cache(links: true))
        let area = try sample.begin(in: "two", sample.cache(links: true))
        try sample.damage("one/set/holes", at: 8195)
        let written = try readWhole(path: scratch.path("one/set/holes"))
        try tree.fill(area)
        #expect(try !area.finish())
        #expect(try tree.fill(area) == 1)
        #expect(try area.finish())
        try tree.expectInPlace(in: scratch.path("two"))
        #expect(try readWhole(path: scratch.path("one/set/holes")) == written)
    }

    @Test(arguments: [0, 3]) func aLinkThatIsCutMeanwhileIsFetchedAgain(length: Int) throws {
        try sample.stage(into: "one", sample.cache(links: true))
        let area = try sample.begin(in: "two", sample.cache(links: true))
        #expect(unsafe truncate(scratch.path("one/set/deep/c"), length) == 0)
        try tree.fill(area)
        #expect(try !area.finish())
        try tree.fill(area)
        #expect(try area.finish())
        try tree.expectInPlace(in: scratch.path("two"))
        #expect(try status("one/set/deep/c").st_size == length)
    }

    /// Its links in the part area are no files of its own.
    @Test func aKilledJobIsContinuedWithoutItsLinks() throws {
        try sample.stage(into: "one", sample.cache(links: true))
        try sample.begin(in: "two", sample.cache(links: true)).abandon()
        let cached = try readWhole(path: scratch.path("one/set/holes"))
        let area = try tree.area(in: scratch.path("two"))
        #expect(!area.entries[10].isMade)
        #expect(try tree.fill(area) > 0)
        #expect(try area.finish())
        try tree.expectInPlace(in: scratch.path("two"))
        #expect(try readWhole(path: scratch.path("one/set/holes")) == cached)
        #expect(try status("one/set/holes").st_nlink == 2)
    }
}
