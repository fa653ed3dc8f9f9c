import CLinux
import Content
import Glibc
import Testing
import Vocabulary

@testable import Storage

/// What a cache may take, and who may have it.
@Suite struct CacheLimitTests {
    private let sample: CacheSample
    private static let isRoot = geteuid() == 0
    private static let stranger: uid_t = 65_534

    init() throws { sample = try CacheSample() }

    private var scratch: Scratch { sample.scratch }

    /// A tree of one file of about 100,000 bytes.
    private func single(_ name: String) throws -> CacheSample {
        var other = sample
        other.tree = SampleTree()
        other.tree.algorithm = .sha256
        // Equal bytes would be kept once.
        try other.tree.file(name, 100_000 - name.utf8.count)
        return other
    }

    private func stage(_ name: String, _ cache: NodeCache) throws -> Int {
        let sample = try single(name)
        defer { _ = unsafe unlink(sample.scratch.path("out/\(name)")) }
        return try sample.stage(into: "out", cache)
    }

    private func names() throws -> [String] { try sample.cache().rows().map(\.name) }

    @Test func whatWasUsedLongestAgoGoesFirst() throws {
        let max: Int64 = 3 * 106_496
        for name in ["a", "bb", "ccc"] {
            #expect(try stage(name, sample.cache(byteCountMax: max)) == 100)
        }
        #expect(try names() == ["ccc", "bb", "a"])
        #expect(try stage("a", sample.cache(byteCountMax: max)) == 0)
        #expect(try stage("dddd", sample.cache(byteCountMax: max)) == 100)
        #expect(try names() == ["dddd", "a", "ccc"])
    }

    @Test func whatAJobUsesStays() throws {
        let max: Int64 = 2 * 106_496
        let running = try sample.cache(byteCountMax: max)
        #expect(try stage("a", running) == 100)
        #expect(try stage("bb", sample.cache(byteCountMax: max)) == 100)
        #expect(try stage("ccc", sample.cache(byteCountMax: max)) == 100)
        #expect(try names() == ["ccc", "a"])
        #expect(try sample.cache().rows().map(\.isUsed) == [false, true])
        #expect(try sample.cache().prune(to: 0).evicted.map(\.name) == ["ccc"])
        #expect(running.path == scratch.path("cache"))
    }

    @Test func aContentThatIsLargerThanTheCacheIsNotKept() throws {
        #expect(throws: StorageError.tooLong(path: "out", byteCountMax: 0)) {
            try stage("a", sample.cache(byteCountMax: 50_000))
        }
        #expect(try sample.files().isEmpty && names().isEmpty)
    }

    @Test func aCacheThatIsFullOfUsedContentsKeepsThem() throws {
        let running = try sample.cache(byteCountMax: 110_000)
        #expect(try stage("a", running) == 100)
        #expect(throws: StorageError.tooLong(path: "out", byteCountMax: 0)) {
            try stage("bb", sample.cache(byteCountMax: 110_000))
        }
        #expect(try names() == ["a"])
        #expect(running.path == scratch.path("cache"))
    }

    @Test func aLockThatIsHeldIsGivenUp() throws {
        let cache = try sample.cache()
        let path = scratch.path("cache/CACHEDIR.TAG")
        let lock = try FileLock(OpenFile(opening: path, flags: O_RDWR), path: path)
        #expect(throws: StorageError.system(call: "flock", path: path, errno: EWOULDBLOCK)) {
            try cache.note(of: sample.tree.manifest())
        }
        _ = consume lock
        #expect(try cache.note(of: sample.tree.manifest()) == nil)
    }

    @Test(arguments: [0o720, 0o702, 0o777])
    func aFolderThatOthersMayWriteToIsRefused(mode: Int) throws {
        try scratch.folder("cache")
        #expect(unsafe chmod(scratch.path("cache"), mode_t(mode)) == 0)
        #expect(throws: StorageError.foreign(path: scratch.path("cache"))) { try sample.cache() }
        #expect(try scratch.names("cache") == [])
    }

    @Test(.enabled(if: isRoot, "needs root")) func aFolderOfAnotherUserIsRefused() throws {
        try scratch.folder("cache")
        let path = scratch.path("cache")
        #expect(unsafe chown(path, Self.stranger, Self.stranger) == 0)
        #expect(throws: StorageError.foreign(path: path)) { try sample.cache() }
        #expect(unsafe chown(path, 1, 1) == 0 && chmod(path, 0o700) == 0)
        #expect(unsafe chmod(scratch.path, 0o755) == 0)
        _ = clinux_open_files_as(Self.stranger)
        defer { _ = clinux_open_files_as(0) }
        #expect(throws: StorageError.foreign(path: path)) { try sample.cache() }
    }

    @Test func aLinkOrAFileIsNoCache() throws {
        try scratch.folder("real")
        try scratch.link("cache", to: "real")
        #expect(throws: StorageError.self) { try sample.cache() }
        #expect(try scratch.names("real") == [])
        try scratch.put("", "file")
        #expect(throws: StorageError.self) { try sample.cache(at: "file") }
    }

    @Test func aCacheIsForItsUserAlone() throws {
        _ = try sample.cache()
        #expect(sample.tree.status(scratch.path("cache")).st_mode & 0o777 == 0o700)
    }
}
