import Content
import Glibc
import Testing
import Vocabulary

@testable import Storage

/// The first look at a shared folder: its end, and the files that it does not wait for.
extension SharedFoldersTests {
    private func reading(_ changes: [ShareChange]) -> [String] {
        changes.compactMap { if case .reading(let name, _) = $0 { "\(name)" } else { nil } }
    }

    private func notRead(_ changes: [ShareChange]) -> [String] {
        changes.compactMap { if case .notRead(let name) = $0 { "\(name)" } else { nil } }
    }

    private func expect(_ folders: borrowing SharedFolders, hasLooked: Bool) {
        let found = folders.hasLooked
        #expect(found == hasLooked)
    }

    /// A file that was written to a moment ago is looked at a second later.
    @Test func theFirstLookEndsWithTheLastFileThatLayThere() throws {
        for number in 100..<170 { try scratch.put("1", "in/\(number)") }
        var folders = try SharedFolders(
            scratch.path("in"), files: FileContents { "\($0)" }, memory: MemoryContents(),
            book: book,
            now: .zero, wallClock: { 0 })
        #expect(came(try folders.step(now: .zero)) == [])
        expect(folders, hasLooked: false)
        #expect(came(try folders.step(now: tick(1))).count == 64)
        expect(folders, hasLooked: false)
        try scratch.put("1", "in/new")
        #expect(came(try folders.step(now: tick(1))).count >= 6)
        expect(folders, hasLooked: true)
    }

    @Test func anEmptyFolderIsLookedAtAtOnce() throws {
        var folders = try folders()
        expect(folders, hasLooked: false)
        _ = try folders.step(now: .zero)
        expect(folders, hasLooked: true)
    }

    @Test func aFolderThatIsAddedIsLookedAtFirst() throws {
        try scratch.folder("more")
        try scratch.put("x", "more/a")
        var folders = try folders()
        _ = try folders.step(now: .zero)
        expect(folders, hasLooked: true)
        _ = try folders.add(scratch.path("more"), now: .zero)
        expect(folders, hasLooked: false)
        #expect(came(try folders.step(now: .zero)) == ["more/a"])
        expect(folders, hasLooked: true)
    }

    /// Other ranks learn of the file before it is read, and the first look does not wait for it.
    @Test func aLongFileIsAnnouncedBeforeItIsRead() throws {
        try scratch.put("x", "in/short")
        for name in ["a", "b"] {
            try scratch.put("x", "in/\(name)")
            #expect(unsafe truncate(scratch.path("in/\(name)"), 65 << 20) == 0)
        }
        var folders = try folders()
        let first = try folders.step(now: .zero)
        #expect(reading(first) == ["a", "b"] && came(first) == ["short"])
        expect(folders, hasLooked: true)
        let isBusy = folders.isBusy
        #expect(isBusy)
        #expect(unsafe unlink(scratch.path("in/a")) == 0)
        let second = try folders.step(now: .zero)
        #expect(notRead(second) == ["a"] && reading(second) == [])
        #expect(came(second + (try folders.step(now: .zero))) == ["b"])
    }
}
