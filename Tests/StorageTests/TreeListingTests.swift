import CLinux
import Content
import Glibc
import Testing
import Vocabulary

@testable import Storage

@Suite struct TreeListingTests {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    private func list(
        _ source: String, as name: String = "top", follows: Bool = false
    ) throws -> TreeListing {
        try TreeListing(of: scratch.path(source), as: RelativePath(name), follows: follows)
    }

    private func error(of source: String, follows: Bool = false) throws -> StorageError? {
        let name = try RelativePath("top")
        do throws(StorageError) {
            _ = try TreeListing(of: scratch.path(source), as: name, follows: follows)
            return nil
        } catch {
            return error
        }
    }

    /// A line for each entry: its path, and its length, target or other name.
    private func text(_ entries: [TreeEntry]) -> [String] {
        entries.map { entry in
            switch entry.body {
            case .folder: "\(entry.path)/"
            case .file(let length, let extents):
                extents == Extent.whole(length)
                    ? "\(entry.path) \(length)" : "\(entry.path) \(length) in parts"
            case .link(let target): "\(entry.path) -> \(String(decoding: target, as: UTF8.self))"
            case .sameFile(let first): "\(entry.path) = \(first)"
            }
        }
    }

    private func manifest(_ entries: [TreeEntry]) throws -> TreeManifest {
        try TreeManifest(
            entries: entries, pieceLength: ByteCount(1 << 16), digest: .xxh3,
            origin: TreeManifest.Origin(publisher: .first, job: 0))
    }

    @Test func everythingIsListedInTreeOrder() throws {
        try scratch.folder("t/a/empty")
        try scratch.folder("t/a-")
        try scratch.put("12", "t/a/x")
        try scratch.put("", "t/a/none")
        try scratch.put("3", "t/a0")
        try scratch.put("4", "t/B")
        try scratch.link("t/a/up", to: "../a-/..")
        try scratch.link("t/dangling", to: "nothing/here")
        #expect(unsafe mkfifo(scratch.path("t/pipe"), 0o600) == 0)
        #expect(unsafe mkfifo(scratch.path("t/a/pipe"), 0o600) == 0)
        let listing = try list("t")
        #expect(
            text(listing.entries) == [
                "top/", "top/B 1", "top/a/", "top/a/empty/", "top/a/none 0",
                "top/a/up -> ../a-/..", "top/a/x 2", "top/a-/", "top/a0 1",
                "top/dangling -> nothing/here",
            ])
        #expect(listing.leftOut.map(\.description) == ["top/a/pipe", "top/pipe"])
        _ = try manifest(listing.entries)
    }

    /// The exception is the bit that lets a program run in its owner's name.
    @Test func modesAndDatesAreKept() throws {
        try scratch.put("1", "f")
        #expect(unsafe chmod(scratch.path("f"), 0o4751) == 0)
        let time = timespec(tv_sec: -5, tv_nsec: 123_456_789)
        #expect(unsafe utimensat(AT_FDCWD, scratch.path("f"), [time, time], 0) == 0)
        let entry = try #require(try list("f", as: "g").entries.first)
        #expect(
            entry
                == TreeEntry(
                    path: try RelativePath("g"), body: .file(length: 1, extents: Extent.whole(1)),
                    mode: 0o751,
                    modified: try #require(
                        FileTime(seconds: -5, nanoseconds: 123_456_789))))
    }

    @Test(arguments: [false, true])
    func otherNamesOfAFileAreListed(follows: Bool) throws {
        try scratch.folder("t/a")
        try scratch.put("123", "t/b")
        try scratch.put("123", "elsewhere")
        for (old, new) in [("t/b", "t/a/x"), ("t/b", "t/c"), ("elsewhere", "t/d")] {
            #expect(unsafe link(scratch.path(old), scratch.path(new)) == 0)
        }
        let listing = try list("t", follows: follows)
        #expect(
            text(listing.entries) == [
                "top/", "top/a/", "top/a/x 3", "top/b = top/a/x", "top/c = top/a/x", "top/d 3",
            ])
        _ = try manifest(listing.entries)
    }

    @Test func linksAreFollowedOnRequest() throws {
        try scratch.folder("t/a")
        try scratch.folder("other/deep")
        try scratch.put("1", "other/f")
        try scratch.put("22", "other/deep/g")
        try scratch.link("t/a/file", to: "../../other/f")
        try scratch.link("t/folder", to: scratch.path("other"))
        try scratch.link("source", to: "t")
        let listing = try list("source", follows: true)
        #expect(
            text(listing.entries) == [
                "top/", "top/a/", "top/a/file 1", "top/folder/", "top/folder/deep/",
                "top/folder/deep/g 2", "top/folder/f 1",
            ])
        try scratch.link("t/z", to: "missing")
        #expect(
            try error(of: "t", follows: true)
                == .system(call: "fstatat", path: scratch.path("t/z"), errno: ENOENT))
    }

    /// The kernel follows 40 links on the way of one path.
    @Test func aPathMayLeadOverManyLinks() throws {
        for number in 0..<60 {
            try scratch.folder("all/\(number)")
            try scratch.link("all/\(number)/x", to: "../\(number + 1)")
        }
        try scratch.folder("all/60")
        try scratch.put("123", "all/60/f")
        try scratch.link("top", to: "all/0")
        let listing = try list("top", follows: true)
        #expect(text(listing.entries).last == "top/" + String(repeating: "x/", count: 60) + "f 3")
    }

    @Test(arguments: ["/etc", "../x", "a/../../x", "..", "./.."])
    func linksAreCopiedWhereverTheyLead(target: String) throws {
        try scratch.folder("t")
        try scratch.link("t/l", to: target)
        let listing = try TreeListing(of: scratch.path("t"), as: try RelativePath("t"))
        #expect(listing.entries.map(\.body) == [.folder, .link(target: Array(target.utf8))])
    }

    @Test func linksMayClimbAsFarAsTheirSource() throws {
        try scratch.folder("t/a/b")
        for (name, target) in [("a/b/l", "../../x"), ("a/m", "./b/../.."), ("n", ".")] {
            try scratch.link("t/\(name)", to: target)
        }
        #expect(try list("t").entries.count == 6)
    }

    @Test func loopsOfFoldersAreAnError() throws {
        try scratch.folder("t/a/b")
        try scratch.link("t/a/b/up", to: "..")
        #expect(try list("t").entries.count == 4)
        let loop = scratch.path("t/a/b/up")
        #expect(try error(of: "t", follows: true) == .endless(path: loop))
    }

    @Test func holesAreFound() throws {
        let path = scratch.path("f")
        try scratch.put([UInt8](repeating: 1, count: 65_536), "f")
        #expect(unsafe truncate(path, 1 << 20) == 0)
        try scratch.put("", "hole")
        #expect(unsafe truncate(scratch.path("hole"), 1 << 30) == 0)
        let part = try #require(Extent(start: 0, end: 65_536))
        #expect(try list("f").entries[0].body == .file(length: 1 << 20, extents: [part]))
        #expect(try list("hole").entries[0].body == .file(length: 1 << 30, extents: []))
        let tree = try list(".")
        #expect(
            text(tree.entries).suffix(2) == [
                "top/f 1048576 in parts", "top/hole 1073741824 in parts",
            ])
    }

    @Test func partsBeyondTheMostAreOne() throws {
        try scratch.put("", "f")
        let file = try OpenFile(opening: scratch.path("f"), flags: O_RDWR)
        let raw = file.raw
        let block = 1 << 16
        for part in 0..<4 {
            let bytes = [UInt8](repeating: 1, count: block)
            #expect(unsafe pwrite(raw, bytes, block, off_t(2 * part * block)) == block)
        }
        func parts(countMax: Int) throws -> [Range<Int64>] {
            try file.extents(of: Int64(7 * block), path: "f", countMax: countMax).map {
                $0.start / Int64(block)..<$0.end / Int64(block)
            }
        }
        #expect(try parts(countMax: 5) == [0..<1, 2..<3, 4..<5, 6..<7])
        #expect(try parts(countMax: 3) == [0..<1, 2..<3, 4..<7])
        #expect(try parts(countMax: 1) == [0..<7])
    }

    /// Different bytes that are not UTF-8 would become the same character in a text.
    @Test func namesAreListedByteForByte() throws {
        try scratch.folder("t/a")
        let names: [[UInt8]] = [[0x07], [0x62, 0x0A], [0xFE], [0xFF]]
        let above = try OpenFile(opening: scratch.path("t/a"), flags: O_RDONLY | O_DIRECTORY)
        for name in names {
            let text = RelativePath.systemName(name)
            let raw = above.raw
            let made = OpenFile(raw: unsafe openat(raw, text, O_CREAT | O_WRONLY, 0o600))
            try unsafe made.write(name.span.bytes, path: "made")
        }
        let entries = try list("t").entries
        #expect(entries[2...].map { Array($0.path.utf8.dropFirst(6)) } == names)
        #expect(entries[2...].map(\.length) == [1, 2, 1, 1])
    }

    @Test func entriesThatCannotBeListedAreReported() throws {
        #expect(try error(of: "u") == .system(call: "open", path: scratch.path("u"), errno: ENOENT))
        #expect(unsafe mkfifo(scratch.path("pipe"), 0o600) == 0)
        #expect(try error(of: "pipe") == .notAFile(path: scratch.path("pipe")))
    }

    /// Permissions do not keep the superuser out.
    @Test(.enabled(if: geteuid() != 0))
    func unreadableFoldersAreReported() throws {
        try scratch.folder("t/a")
        let path = scratch.path("t/a")
        #expect(unsafe chmod(path, 0) == 0)
        defer { unsafe chmod(path, 0o700) }
        #expect(try error(of: "t") == .system(call: "openat2", path: path, errno: EACCES))
    }

    @Test func sourcesAreMerged() throws {
        try scratch.folder("t/a")
        try scratch.put("1", "t/a/x")
        try scratch.put("1", "t/f")
        let folder = try list("t/a", as: "a")
        let file = try list("t/f", as: "a-")
        #expect(
            try text(TreeListing.entries(of: [file, folder])) == ["a/", "a/x 1", "a- 1"])
        let again = try list("t/f", as: "a")
        #expect(
            throws: StorageError.sameName(
                path: scratch.path("t/f"), otherPath: scratch.path("t/a"))
        ) { try TreeListing.entries(of: [folder, file, again]) }
    }

    @Test func sourcesAreRecognised() throws {
        try scratch.folder("t/a")
        try scratch.put("1", "t/f")
        let identity = try list("t").identity
        #expect(try list("t", as: "other").identity == identity)
        #expect(try list("t/f").identity != identity)
        #expect(try !list("t/a").identity.isSameAcrossHosts(as: identity))
        let elsewhere = SourceIdentity(
            number: identity.number, length: identity.length, modified: identity.modified,
            fileSystem: identity.fileSystem, device: identity.device + 1)
        #expect(elsewhere != identity && elsewhere.isSameAcrossHosts(as: identity))
        let other = SourceIdentity(
            number: identity.number, length: identity.length, modified: identity.modified,
            fileSystem: identity.fileSystem + 1, device: identity.device)
        #expect(!other.isSameAcrossHosts(as: identity))
    }

    /// The tree has 1,500 levels: each folder is closed before the next is opened.
    @Test func depthCostsNoDescriptors() throws {
        let folder = try OpenFile(creatingFolders: 1500, below: scratch.path)
        _ = folder.raw
        #expect(try list("d").entries.count == 1500)
    }
}

extension OpenFile {
    /// Makes `d` in `d` in `d`, and opens the last of them.
    fileprivate init(creatingFolders count: Int, below path: String) throws {
        var current = try OpenFile(opening: path, flags: O_RDONLY | O_DIRECTORY)
        for _ in 0..<count {
            let below = current.raw
            try posix("mkdirat", path) { unsafe mkdirat(below, "d", 0o700) }
            let raw = try posix("openat", path) { unsafe openat(below, "d", O_DIRECTORY) }
            current = OpenFile(raw: raw)
        }
        self = current
    }
}
