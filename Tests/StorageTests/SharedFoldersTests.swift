import Glibc
import Testing
import Vocabulary

@testable import Storage

/// What a rank offers, and what it cannot.
@Suite struct SharedFoldersTests {
    private let scratch: Scratch
    private let book = ShareBook()

    init() throws {
        scratch = try Scratch()
        try scratch.folder("in")
    }

    private func refused(_ changes: [ShareChange]) -> [String] {
        changes.compactMap { if case .refused(let name, _) = $0 { name } else { nil } }
    }

    @Test func whatCannotBeOfferedIsToldOnceAndForgottenWhenItIsGone() throws {
        try scratch.put("x", "in/a\nb")
        try scratch.put("y", "in/good")
        var folders = try SharedFolders(
            scratch.path("in"), files: FileShelf { "\($0)" }, shelf: MemoryShelf(), book: book,
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

    @Test func aReasonThatChangesIsTold() {
        let old = StorageError.notAFile(path: "x")
        #expect(book.refuse("x", old))
        #expect(!book.refuse("x", old))
        #expect(book.refuse("x", .changed(path: "x")))
        for number in 0..<ShareBook.refusalsMax * 2 { _ = book.refuse("\(number)", old) }
        #expect(book.refusals(atMost: 0).count == ShareBook.refusalsMax)
    }
}
