import Content
import Glibc
import Testing
import Vocabulary

@testable import Storage

/// The files that a rank offers, and those that it cannot offer.
@Suite struct SharedFoldersTests {
    let scratch: Scratch
    let book = ShareBook()

    init() throws {
        scratch = try Scratch()
        try scratch.folder("in")
    }

    private func refused(_ changes: [ShareChange]) -> [String] {
        changes.compactMap { if case .refused(let name, _) = $0 { name } else { nil } }
    }

    @Test func anUnofferableFileIsReportedOnceAndForgottenWhenItIsRemoved() throws {
        try scratch.put("x", "in/a\nb")
        try scratch.put("y", "in/good")
        var folders = try SharedFolders(
            scratch.path("in"), files: FileContents { "\($0)" }, memory: MemoryContents(),
            book: book,
            now: .zero)
        let bad = scratch.path("in/a\nb")
        let first = try folders.step(now: .zero)
        #expect(refused(first) == [bad])
        #expect(book.refusals(atMost: 0).count == 1)
        #expect(book.refusals(atMost: 9).first.map(\.name) == [bad])
        #expect(book.counts.done == 1 && book.counts.found == 1)
        try scratch.put("xx", "in/a\nb")
        let second = try folders.step(now: .zero + .seconds(5))
        #expect(refused(second) == [])
        unsafe rename(bad, scratch.path("in/better"))
        let third = try folders.step(now: .zero + .seconds(10))
        let fourth = try folders.step(now: .zero + .seconds(15))
        #expect(refused(third + fourth) == [])
        #expect(book.refusals(atMost: 9).count == 0)
        #expect(book.counts.done == 2 && book.counts.found == 2)
    }

    @Test func aChangedReasonIsReported() {
        let old = StorageError.notAFile(path: "x")
        #expect(book.refuse("x", old))
        #expect(!book.refuse("x", old))
        #expect(book.refuse("x", .changed(path: "x")))
        for number in 0..<ShareBook.refusalsMax * 2 { _ = book.refuse("\(number)", old) }
        #expect(book.refusals(atMost: 0).count == ShareBook.refusalsMax)
    }

    func folders(_ path: String = "in") throws -> SharedFolders {
        try SharedFolders(
            scratch.path(path), files: FileContents { "\($0)" }, memory: MemoryContents(),
            book: book,
            now: .zero)
    }

    func tick(_ seconds: Int) -> Tick { Tick.zero + .seconds(seconds) }

    func came(_ changes: [ShareChange]) -> [String] {
        changes.compactMap { change in
            guard case .came(let publication) = change else { return nil }
            return publication.name.description
        }
    }

    private func renewed(_ changes: [ShareChange]) -> [String] {
        changes.compactMap { change in
            guard case .renewed(let publication) = change else { return nil }
            return publication.name.description
        }
    }

    private func went(_ changes: [ShareChange]) -> [String] {
        changes.compactMap { if case .went(let name, _, _) = $0 { "\(name)" } else { nil } }
    }

    /// A rank that has them under two names serves them until both are gone.
    @Test func theSameBytesUnderTwoNamesAreOneContent() throws {
        try scratch.put("same", "in/a")
        try scratch.put("same", "in/b")
        let files = FileContents { "\($0)" }
        var folders = try SharedFolders(
            scratch.path("in"), files: files, memory: MemoryContents(), book: book, now: .zero)
        let contents = try folders.step(now: .zero).compactMap { change -> ContentID? in
            if case .came(let publication) = change { publication.content } else { nil }
        }
        #expect(contents.count == 2 && Set(contents).count == 1)
        let content = try #require(contents.first)
        unsafe unlink(scratch.path("in/b"))
        #expect(try files.piece(PieceIndex(0), of: content) != nil, "before the watch sees it")
        #expect(went(try folders.step(now: tick(5))) == ["b"])
        #expect(try files.piece(PieceIndex(0), of: content) != nil)
        unsafe unlink(scratch.path("in/a"))
        #expect(went(try folders.step(now: tick(10))) == ["a"])
        #expect(try files.piece(PieceIndex(0), of: content) == nil)
    }

    /// A rank that asked for it meanwhile was answered that it cannot be read.
    @Test func aFileWithAnotherDateIsOfferedAgainWithoutBeingWithdrawn() throws {
        try scratch.put("x", "in/a")
        var folders = try folders()
        #expect(came(try folders.step(now: .zero)) == ["a"])
        unsafe utimes(scratch.path("in/a"), [timeval(tv_sec: 9, tv_usec: 0), timeval()])
        _ = try folders.step(now: tick(1))
        let changes = try folders.step(now: tick(3))
        #expect(renewed(changes) == ["a"])
        #expect(came(changes) == [] && went(changes) == [])
    }

    private func overwrite(_ name: String, _ text: String) throws {
        let file = unsafe open(scratch.path(name), O_WRONLY)
        defer { close(file) }
        #expect(unsafe write(file, text, text.utf8.count) == text.utf8.count)
    }

    /// Ranks that are fetching the file continue.
    @Test func aFileWithAnotherDateIsServedUntilItIsOfferedAgain() throws {
        try scratch.put("x", "in/a")
        let files = FileContents { "\($0)" }
        var folders = try SharedFolders(
            scratch.path("in"), files: files, memory: MemoryContents(), book: book, now: .zero)
        guard case .came(let file) = try folders.step(now: .zero).first else { return }
        unsafe utimes(scratch.path("in/a"), [timeval(tv_sec: 9, tv_usec: 0), timeval()])
        #expect(try files.piece(PieceIndex(0), of: file.content) != nil)
        #expect(files.takeDoubted() == [])
    }

    /// It was written to by another name, or through memory, which the kernel does not report.
    @Test func anUnreadableFileIsLookedAtAgain() throws {
        try scratch.put("x", "in/a")
        unsafe link(scratch.path("in/a"), scratch.path("other"))
        let files = FileContents { "\($0)" }
        var folders = try SharedFolders(
            scratch.path("in"), files: files, memory: MemoryContents(), book: book, now: .zero)
        guard case .came(let file) = try folders.step(now: .zero).first else { return }
        try overwrite("other", "y")
        #expect(throws: StorageError.self) { _ = try files.piece(PieceIndex(0), of: file.content) }
        #expect(files.takeDoubted() == [file.content])
        #expect(files.takeDoubted() == [])
        try overwrite("other", "x")
        folders.recheck(file.content, now: tick(1))
        _ = try folders.step(now: tick(1))
        #expect(renewed(try folders.step(now: tick(2))) == ["a"])
        _ = try #require(try files.piece(PieceIndex(0), of: file.content))
    }

    @Test func aFolderInThePlaceOfAnotherOffersItsOwnFiles() throws {
        try scratch.folder("one/x")
        try scratch.folder("two/x")
        try scratch.put("1", "one/x/a")
        try scratch.put("2", "one/x/b")
        try scratch.put("3", "two/x/b")
        var folders = try folders()
        _ = try folders.add(scratch.path("one/x"), now: .zero)
        #expect(came(try folders.step(now: .zero)) == ["x/a", "x/b"])
        #expect(went(try folders.add(scratch.path("two/x"), now: .zero)) == ["x/a", "x/b"])
        #expect(came(try folders.step(now: .zero)) == ["x/b"])
    }

    @Test func filesWaitingInAReplacedFolderAreNotOffered() throws {
        try scratch.folder("one/x")
        try scratch.folder("two/x")
        for number in 100..<200 { try scratch.put("1", "one/x/\(number)") }
        var folders = try folders()
        _ = try folders.add(scratch.path("one/x"), now: .zero)
        #expect(came(try folders.step(now: .zero)).count == 64)
        #expect(went(try folders.add(scratch.path("two/x"), now: .zero)).count == 64)
        #expect(came(try folders.step(now: .zero)) == [])
    }

    @Test func anUnwantedFileIsNotDigested() throws {
        try scratch.put("x", "in/a")
        var folders = try SharedFolders(
            scratch.path("in"), files: FileContents { "\($0)" }, memory: MemoryContents(),
            book: book,
            now: .zero, whileWanted: { false })
        #expect(try folders.step(now: .zero).isEmpty)
    }

    @Test func aFileByItselfMayGoAndComeAgain() throws {
        try scratch.put("x", "single")
        var folders = try folders()
        #expect(came(try folders.add(scratch.path("single"), now: .zero)) == ["single"])
        unsafe unlink(scratch.path("single"))
        #expect(went(try folders.step(now: tick(2))) == ["single"])
        try scratch.put("yy", "single")
        let back = try folders.step(now: tick(4)) + folders.step(now: tick(6))
        #expect(came(back) == ["single"])
        unsafe unlink(scratch.path("single"))
        #expect(went(try folders.step(now: tick(8))) == ["single"])
        #expect(try folders.remove(RelativePath("single")) != nil, "it may be given up")
        try scratch.put("zzz", "single")
        #expect(came(try folders.step(now: tick(10)) + folders.step(now: tick(12))) == [])
    }

    /// The user may name the folder by a link.
    @Test func theTargetOfALinkIsShared() throws {
        try scratch.put("x", "in/a")
        try scratch.link("link", to: "in")
        try scratch.link("other", to: "in/a")
        var folders = try folders("link")
        #expect(came(try folders.step(now: .zero)) == ["a"])
        #expect(came(try folders.add(scratch.path("other"), now: .zero)) == ["other"])
        _ = try folders.add(scratch.path("link"), now: .zero)
        #expect(came(try folders.step(now: tick(1))) == ["link/a"])
    }

    @Test func aRecreatedFolderIsOfferedAgain() throws {
        try scratch.put("x", "in/a")
        var folders = try folders()
        #expect(came(try folders.step(now: .zero)) == ["a"])
        unsafe rename(scratch.path("in"), scratch.path("old"))
        #expect(went(try folders.step(now: tick(1))) == ["a"])
        try scratch.folder("in")
        try scratch.put("y", "in/b")
        let changes = try folders.step(now: tick(15)) + folders.step(now: tick(17))
        #expect(came(changes) == ["b"])
    }

    @Test func shortFilesDoNotWaitForLongOnes() throws {
        for name in ["a", "d"] { try scratch.put(name, "in/\(name)") }
        for name in ["b", "c"] {
            try scratch.put("", "in/\(name)")
            unsafe truncate(scratch.path("in/\(name)"), 65 << 20)
        }
        var folders = try folders()
        #expect(came(try folders.step(now: .zero)) == ["a", "d"])
        #expect(book.counts.done == 2 && book.counts.found == 4)
        #expect(came(try folders.step(now: .zero)) == ["b"])
        #expect(came(try folders.step(now: .zero)) == ["c"])
        let isBusy = folders.isBusy
        #expect(!isBusy)
    }

    /// A file is removed while much of it is still to be read.
    @Test func aRemovedFileIsNotReadToItsEnd() throws {
        try scratch.put(String(repeating: "x", count: 3 << 20), "in/a")
        let path = try RelativePath("a")
        let folder = try InputFolder(path: scratch.path("in"))
        var asked = 0
        #expect(
            throws: StorageError.system(call: "read", path: scratch.path("in/a"), errno: ENOENT)
        ) {
            _ = try ByteSource(path, at: path, in: folder) {
                asked += 1
                if asked == 1 { unsafe unlink(scratch.path("in/a")) }
                return true
            }
        }
        #expect(asked == 1)
    }
}
