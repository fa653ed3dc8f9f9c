import Glibc
import Testing
import Vocabulary

@testable import Storage

/// A real folder, watched with a clock that the test moves.
@Suite struct FolderWatchTests {
    private let scratch: Scratch

    init() throws {
        scratch = try Scratch()
        try scratch.folder("in")
    }

    private func watch(now: Tick = .zero) throws -> FolderWatch {
        try FolderWatch(scratch.path("in"), quiet: .seconds(1), now: now)
    }

    private func found(_ names: String...) throws -> [FolderNews] {
        try names.map { .found(try RelativePath($0)) }
    }

    private func gone(_ names: String...) throws -> [FolderNews] {
        try names.map { .gone(try RelativePath($0)) }
    }

    private func tick(_ tenths: Int) -> Tick { Tick.zero + .milliseconds(100 * tenths) }

    /// The news of `count` files. Another test may be starting a process, which for a moment has
    /// our files open too: then they are closed a bit later, on a busy machine a second or more.
    private func news(
        _ watch: inout FolderWatch, _ now: Tick, _ count: Int = 1
    ) throws -> [FolderNews] {
        var all: [FolderNews] = []
        let end = ContinuousClock.now + .seconds(30)
        while all.count < count, ContinuousClock.now < end {
            all += try watch.step(now: now)
            if all.count < count { usleep(2000) }
        }
        return all
    }

    @Test func existingFilesAreReportedAtTheStart() throws {
        try scratch.folder("in/sub/deep")
        try scratch.put("1", "in/b")
        try scratch.put("2", "in/sub/deep/a")
        try scratch.put("3", "in/.hidden")
        try scratch.link("in/link", to: "b")
        var watch = try watch()
        #expect(try news(&watch, .zero, 2) == found("b", "sub/deep/a"))
        #expect(try watch.step(now: tick(100)) == [])
        #expect(watch.alarm == .never)
    }

    @Test func aRootThatIsNotThereIsAnError() throws {
        #expect(throws: StorageError.self) {
            _ = try FolderWatch(scratch.path("nowhere"), now: .zero)
        }
    }

    @Test func aClosedFileIsReportedAtOnce() throws {
        var watch = try watch()
        try scratch.put("new", "in/a")
        #expect(try news(&watch, .zero) == found("a"))
        try scratch.put("changed", "in/a")
        #expect(try news(&watch, tick(1)) == found("a"))
        unsafe unlink(scratch.path("in/a"))
        #expect(try news(&watch, tick(2)) == gone("a"))
        #expect(try watch.step(now: tick(100)) == [])
    }

    @Test func aFileThatIsBeingWrittenIsNotReported() throws {
        var watch = try watch()
        let file = unsafe open(scratch.path("in/a"), O_WRONLY | O_CREAT, 0o600)
        for tenth in 0..<30 {
            unsafe write(file, "x", 1)
            #expect(try watch.step(now: tick(tenth)) == [])
        }
        #expect(try watch.step(now: tick(38)) == [])
        #expect(try news(&watch, tick(40)) == found("a"), "it is quiet")
        unsafe write(file, "x", 1)
        #expect(try watch.step(now: tick(41)) == [])
        close(file)
        #expect(try news(&watch, tick(42)) == found("a"), "it is closed")
    }

    @Test func aRenamedFileGoesAndComes() throws {
        try scratch.put("1", "in/a")
        var watch = try watch()
        _ = try watch.step(now: .zero)
        unsafe rename(scratch.path("in/a"), scratch.path("in/b"))
        #expect(try news(&watch, tick(1), 2) == gone("a") + found("b"))
        unsafe rename(scratch.path("in/b"), scratch.path("elsewhere"))
        #expect(try news(&watch, tick(2)) == gone("b"))
        unsafe rename(scratch.path("elsewhere"), scratch.path("in/c"))
        #expect(try news(&watch, tick(3)) == found("c"))
    }

    @Test func aNewFolderIsWatchedWithAllThatIsInIt() throws {
        var watch = try watch()
        try scratch.folder("in/x/y")
        try scratch.put("1", "in/x/y/a")
        #expect(try watch.step(now: .zero) == [])
        #expect(try news(&watch, tick(10)) == found("x/y/a"))
        try scratch.put("2", "in/x/y/b")
        #expect(try news(&watch, tick(11)) == found("x/y/b"))
    }

    @Test func aRenamedFolderTakesItsFilesAlong() throws {
        try scratch.folder("in/x/y")
        try scratch.put("1", "in/x/y/a")
        var watch = try watch()
        _ = try watch.step(now: .zero)
        unsafe rename(scratch.path("in/x"), scratch.path("in/z"))
        #expect(try news(&watch, tick(1)) == gone("x/y/a"))
        #expect(try news(&watch, tick(11)) == found("z/y/a"))
        try scratch.put("2", "in/z/y/b")
        #expect(try news(&watch, tick(12)) == found("z/y/b"), "its folders are still watched")
        unsafe rename(scratch.path("in/z"), scratch.path("away"))
        #expect(try news(&watch, tick(13), 2) == gone("z/y/a", "z/y/b"))
        try scratch.put("3", "away/y/c")
        #expect(try watch.step(now: tick(40)) == [], "what was moved away is not ours")
    }

    @Test func anOverflowIsFollowedByAScan() throws {
        try scratch.put("1", "in/stays")
        try scratch.put("1", "in/goes")
        var watch = try watch()
        _ = try watch.step(now: .zero)
        watch.scanAt = tick(1)
        watch.folders = [:]
        unsafe unlink(scratch.path("in/goes"))
        try scratch.folder("in/sub")
        try scratch.put("2", "in/sub/new")
        #expect(try news(&watch, tick(1)) == gone("goes"))
        #expect(try news(&watch, tick(11)) == found("sub/new"))
    }

    /// There are more events than the kernel's queue holds.
    @Test func aRealOverflowLosesNothing() throws {
        var watch = try watch()
        let most = 20_000
        let path = scratch.path("in/busy")
        for _ in 0..<most {
            let file = unsafe open(path, O_WRONLY | O_CREAT, 0o600)
            close(file)
            unsafe unlink(path)
        }
        try scratch.put("1", "in/last")
        var all: [FolderNews] = []
        for tenth in 0..<20 { all += try watch.step(now: tick(tenth)) }
        #expect(try all == found("last"))
    }

    @Test func anUnreadableFileIsReportedAgain() throws {
        try scratch.put("1", "in/a")
        var watch = try watch()
        #expect(try news(&watch, .zero) == found("a"))
        watch.retry(try RelativePath("a"), now: .zero)
        #expect(try watch.step(now: tick(9)) == [])
        #expect(try news(&watch, tick(10)) == found("a"))
    }

    @Test func anUnusableNameIsReportedOnce() throws {
        var watch = try watch()
        let file = unsafe open(scratch.path("in/a\nb"), O_WRONLY | O_CREAT, 0o600)
        close(file)
        let news = try watch.step(now: .zero)
        #expect(news == [.unfit("a\nb", in: scratch.path("in"), .control, isThere: true)])
    }

    /// Copying programs change the permissions before they write.
    @Test func rightsThatChangeDoNotMakeAFileWhole() throws {
        var watch = try watch()
        let file = unsafe open(scratch.path("in/a"), O_WRONLY | O_CREAT, 0o600)
        unsafe write(file, "x", 1)
        fchmod(file, 0o644)
        #expect(try watch.step(now: .zero) == [])
        close(file)
        #expect(try news(&watch, tick(1)) == found("a"))
    }

    @Test func theRemovalOfAnUnreadableFileIsReported() throws {
        try scratch.put("1", "in/a")
        var watch = try watch()
        #expect(try news(&watch, .zero) == found("a"))
        watch.retry(try RelativePath("a"), now: .zero)
        unsafe unlink(scratch.path("in/a"))
        #expect(try news(&watch, tick(1)) == gone("a"))
    }

    /// Its permissions, or those of a folder above it, were changed.
    @Test func anUnusableFileIsReportedAgainAfterAnEvent() throws {
        try scratch.put("1", "in/a")
        var watch = try watch()
        #expect(try news(&watch, .zero) == found("a"))
        watch.doubt(try RelativePath("a"))
        #expect(try watch.step(now: tick(50)) == [])
        unsafe chmod(scratch.path("in/a"), 0o600)
        _ = try watch.step(now: tick(60))
        #expect(try news(&watch, tick(70)) == found("a"))
    }

    @Test func aRecreatedRootIsWatchedAgain() throws {
        try scratch.put("1", "in/a")
        var watch = try watch()
        #expect(try news(&watch, .zero) == found("a"))
        unsafe rename(scratch.path("in"), scratch.path("old"))
        #expect(try news(&watch, tick(1)) == gone("a"))
        try scratch.folder("in")
        try scratch.put("2", "in/b")
        #expect(try watch.step(now: tick(150)) == [])
        #expect(try news(&watch, tick(170)) == found("b"))
        try scratch.put("3", "in/c")
        #expect(try news(&watch, tick(171)) == found("c"))
        try scratch.put("4", "old/d")
        #expect(try watch.step(now: tick(300)) == [])
    }

    @Test func aFolderThatBecomesReadableIsScanned() throws {
        try scratch.folder("in/x")
        try scratch.put("1", "in/x/a")
        var watch = try watch()
        _ = try watch.step(now: .zero)
        watch.forgetFolder("x", now: .zero)
        watch.told = [:]
        watch.due = [:]
        unsafe chmod(scratch.path("in/x"), 0o700)
        _ = try watch.step(now: tick(1))
        #expect(try news(&watch, tick(11)) == found("x/a"))
    }

    /// A process that opened the file before the watch began is not seen to write.
    @Test func aRecentlyWrittenFileHasToBeQuiet() throws {
        try scratch.put("1", "in/old")
        unsafe utimes(
            scratch.path("in/old"),
            [timeval(tv_sec: 9, tv_usec: 0), timeval(tv_sec: 9, tv_usec: 0)])
        try scratch.put("2", "in/new")
        var watch = try FolderWatch(
            scratch.path("in"), quiet: .seconds(1), quietSince: 10_000_000_000, now: .zero)
        #expect(try news(&watch, .zero) == found("old"))
        #expect(try watch.step(now: tick(9)) == [])
        #expect(try news(&watch, tick(10)) == found("new"))
    }
}
