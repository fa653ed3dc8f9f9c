import CLinux
import Content
import Glibc
import Synchronization
import Testing
import Vocabulary

@testable import Storage

@Suite struct TreeSourceTests {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    private func manifest(
        of listings: [TreeListing], pieceLength: Int64
    ) throws -> TreeManifest {
        try TreeManifest(
            entries: TreeListing.entries(of: listings), pieceLength: ByteCount(pieceLength),
            digest: .xxh3, origin: TreeManifest.Origin(publisher: .first, job: 0))
    }

    private func source(
        _ names: [String], pieceLength: Int64 = 1000, follows: Bool = false
    ) throws -> TreeSource {
        let listings = try names.map {
            try TreeListing(of: scratch.path($0), as: RelativePath($0), follows: follows)
        }
        return try TreeSource(
            manifest(of: listings, pieceLength: pieceLength),
            at: listings.map(\.site), follows: follows)
    }

    /// Reads a piece into memory that is dirty and longer than necessary.
    private func read(_ source: TreeSource, _ piece: Int) throws -> [UInt8] {
        let size = source.manifest.geometry.size(of: PieceIndex(piece))
        var memory = [UInt8](repeating: 0xAA, count: size + 7)
        try unsafe memory.withUnsafeMutableBytes {
            try unsafe source.read(PieceIndex(piece), into: $0)
        }
        #expect(memory.suffix(7) == [UInt8](repeating: 0xAA, count: 7)[...])
        return Array(memory.prefix(size))
    }

    private func readAll(_ source: TreeSource) throws -> [UInt8] {
        try (0..<source.manifest.geometry.pieceCount).flatMap { try read(source, $0) }
    }

    private func error(of source: TreeSource, _ piece: Int) throws -> StorageError? {
        do { _ = try read(source, piece) } catch let error as StorageError { return error }
        return nil
    }

    private func content(_ count: Int, _ seed: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: $0 * 7 + ($0 >> 8) * 13 + seed) }
    }

    @Test(arguments: [1, 100, 1000, 4096, 100_000] as [Int64])
    func piecesAreTheBytesOfAllFiles(pieceLength: Int64) throws {
        try scratch.folder("t/a")
        try scratch.put(content(2500, 1), "t/a/x")
        try scratch.put("", "t/a/y")
        try scratch.put(content(10, 2), "t/b")
        try scratch.put(content(999, 3), "f")
        #expect(unsafe link(scratch.path("t/b"), scratch.path("t/c")) == 0)
        try scratch.link("t/d", to: "b")
        let source = try source(["t", "f"], pieceLength: pieceLength)
        let whole = content(999, 3) + content(2500, 1) + content(10, 2)
        #expect(try readAll(source) == whole)
        #expect(source.bytesRead == whole.count)
    }

    @Test(arguments: [512, 5000, 1 << 20] as [Int64])
    func holesAreZerosAndNotRead(pieceLength: Int64) throws {
        let block = 1 << 16
        try scratch.put(content(block, 1), "f")
        #expect(unsafe truncate(scratch.path("f"), off_t(block * 5)) == 0)
        let file = try OpenFile(opening: scratch.path("f"), flags: O_WRONLY)
        let raw = file.raw
        let middle = content(block, 2)
        #expect(unsafe pwrite(raw, middle, block, off_t(block * 3)) == block)
        let source = try source(["f"], pieceLength: pieceLength)
        guard case .file(_, let extents) = source.manifest.entries[0].body else { return }
        try #require(extents.count == 2)
        let hole = [UInt8](repeating: 0, count: block)
        #expect(try readAll(source) == content(block, 1) + hole + hole + middle + hole)
        #expect(source.bytesRead == 2 * block)
    }

    @Test func changesAreSeen() throws {
        let path = scratch.path("f")
        try scratch.put(content(3000, 1), "f")
        let source = try source(["f"])
        #expect(try error(of: source, 0) == nil)
        // The file changes while it is held open.
        let time = timespec(tv_sec: 1, tv_nsec: 0)
        #expect(unsafe utimensat(AT_FDCWD, path, [time, time], 0) == 0)
        #expect(try error(of: source, 1) == .changed(path: path))
        #expect(unsafe truncate(path, 1500) == 0)
        #expect(try error(of: source, 2) == .changed(path: path))
    }

    /// A change so soon after the last one may leave the times as they are.
    @Test func theStateOfAFileIsKnownOnlyWhenItIsOld() throws {
        try scratch.folder("set")
        try scratch.put(content(100, 1), "set/a")
        try scratch.put(content(100, 2), "set/b")
        let source = try source(["set"])
        let path = scratch.path("set/b")
        let changed = try OpenFile(opening: path, flags: O_RDONLY).status(path: path).st_ctim
        let time = Int64(changed.tv_sec) * 1_000_000_000 + Int64(changed.tv_nsec)
        #expect(source.states(now: time + 10_000_000).last == .some(nil))
        let states = source.states(now: time + 10_000_000_000)
        #expect(states.count == 2 && states.allSatisfy { $0 != nil })
        #expect(source.states(now: time + 20_000_000_000) == states)
        try scratch.put(content(100, 3), "set/b")
        let later = source.states(now: time + 60_000_000_000)
        #expect(later[0] == states[0] && later[1] != states[1])
    }

    @Test func replacedAndLostFilesAreSeen() throws {
        try scratch.folder("t")
        try scratch.put("12345", "t/a")
        try scratch.put("12345", "t/b")
        let source = try source(["t"], pieceLength: 5)
        try scratch.put("1234", "t/new")
        #expect(unsafe rename(scratch.path("t/new"), scratch.path("t/a")) == 0)
        #expect(unsafe unlink(scratch.path("t/b")) == 0)
        #expect(try error(of: source, 0) == .changed(path: scratch.path("t/a")))
        let lost = scratch.path("t/b")
        #expect(
            try error(of: source, 1) == .system(call: "openat2", path: lost, errno: ENOENT))
        try scratch.link("t/b", to: "a")
        #expect(
            try error(of: source, 1) == .system(call: "openat2", path: lost, errno: ELOOP))
    }

    @Test func linksAreReadThroughAsListed() throws {
        try scratch.folder("t")
        try scratch.put("12345", "other")
        try scratch.link("t/l", to: "../other")
        try scratch.link("s", to: "t")
        let source = try source(["s"], follows: true)
        #expect(try readAll(source) == Array("12345".utf8))
    }

    @Test func sourcesThatThisRankLacksAreAnError() throws {
        try scratch.put("1", "a")
        try scratch.put("2", "b")
        let listings = try ["a", "b"].map {
            try TreeListing(of: scratch.path($0), as: RelativePath($0))
        }
        let manifest = try manifest(of: listings, pieceLength: 1)
        let source = try TreeSource(manifest, at: [listings[1].site])
        #expect(try error(of: source, 0) == .system(call: "open", path: "a", errno: ENOENT))
        #expect(try read(source, 1) == Array("2".utf8))
        let twice = StorageError.sameName(path: scratch.path("b"), otherPath: scratch.path("b"))
        #expect(throws: twice) {
            try TreeSource(manifest, at: [listings[1].site, listings[1].site])
        }
    }

    /// A file is read only under the name where it was found, and not if it has changed since.
    @Test func aFileWithOtherNamesIsReadWhereItWasFound() throws {
        try scratch.folder("t")
        try scratch.put("12345", "t/a")
        try scratch.put("abcde", "t/b")
        let listing = try TreeListing(of: scratch.path("t"), as: RelativePath("t"))
        try scratch.folder("other")
        try scratch.put("12345", "other/x")
        try scratch.put("wrong", "other/a")
        try scratch.put("wrong", "other/b")
        let state = try SourceTree(path: scratch.path("other")).open(RelativePath("x")).state
        let source = try TreeSource(
            manifest(of: [listing], pieceLength: 5),
            at: [
                SourceSite(
                    name: RelativePath("t"), path: scratch.path("other"),
                    places: [RelativePath("t/a"): .init(path: RelativePath("x"), state: state)])
            ])
        #expect(try read(source, 0) == Array("12345".utf8))
        let own = scratch.path("other/b")
        #expect(try error(of: source, 1) == .system(call: "open", path: own, errno: ENOENT))
        let time = timespec(tv_sec: 1, tv_nsec: 0)
        #expect(unsafe utimensat(AT_FDCWD, scratch.path("other/x"), [time, time], 0) == 0)
        #expect(try error(of: source, 0) == .changed(path: scratch.path("other/x")))
    }

    /// There are more files than are kept open, each in two pieces and read twice, and more roots.
    @Test func manyFilesShareFewDescriptors() throws {
        let names = (100..<100 + 3 * OpenSources.countMax).map { "f\($0)" }
        for (index, name) in names.enumerated() { try scratch.put(content(15, index), name) }
        let source = try source(names, pieceLength: 10)
        let whole = names.indices.flatMap { content(15, $0) }
        #expect(try readAll(source) == whole)
        #expect(try readAll(source) == whole)
        #expect(source.bytesRead == 2 * whole.count)
        let open = try scratch.openDescriptors()
        #expect(open > 0 && open <= OpenSources.countMax + TreeSource.rootsOpenMax)
    }

    @Test func severalThreadsReadAtATime() async throws {
        try scratch.folder("t")
        var whole: [UInt8] = []
        for number in 0..<100 {
            let bytes = content(500 + number, number)
            try scratch.put(bytes, "t/\(1000 + number)")
            whole += bytes
        }
        let source = try source(["t"], pieceLength: 130)
        let expected = whole
        try await withThrowingTaskGroup(of: Void.self) { group in
            for worker in 0..<4 {
                group.addTask {
                    let count = source.manifest.geometry.pieceCount
                    for step in 0..<count {
                        let piece = (step * 7 + worker * 11) % count
                        let start = piece * 130
                        let size = source.manifest.geometry.size(of: PieceIndex(piece))
                        let found = try read(source, piece)
                        #expect(found == Array(expected[start..<start + size]))
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(source.bytesRead == 4 * whole.count)
    }
}

extension Scratch {
    /// The number of files open below this folder alone: other tests run at the same time.
    func openDescriptors() throws -> Int {
        let folder = try OpenFile(opening: "/proc/self/fd", flags: O_RDONLY | O_DIRECTORY)
        let own = path("")
        return try folder.names(path: "/proc/self/fd").count { name in
            var target = [CChar](repeating: 0, count: Int(PATH_MAX))
            let link = "/proc/self/fd/" + String(decoding: name, as: UTF8.self)
            let count = unsafe readlink(link, &target, target.count)
            guard count > 0 else { return false }
            let bytes = target.prefix(count).map { UInt8(bitPattern: $0) }
            return String(decoding: bytes, as: UTF8.self).hasPrefix(own)
        }
    }
}

extension TreeListing {
    fileprivate var site: SourceSite { SourceSite(name: name, path: path) }
}
