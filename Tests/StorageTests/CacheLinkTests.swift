import Content
import Glibc
import Testing
import Vocabulary

@testable import Storage

/// Copies that share their files with the cache.
@Suite struct CacheLinkTests {
    private let sample: CacheSample

    init() throws { sample = try CacheSample() }

    private var scratch: Scratch { sample.scratch }

    private func number(_ name: String) -> UInt64 {
        UInt64(sample.tree.status(scratch.path(name)).st_ino)
    }

    @Test func copiesShareTheFilesOfTheCache() throws {
        try sample.stage(into: "one", sample.cache(links: true))
        let file = try sample.file(of: "set/last")
        #expect(number(file) == number("one/set/last"))
        #expect(try sample.stage(into: "two", sample.cache(links: true)) == 0)
        #expect(number(file) == number("two/set/last"))
        // A file with two names in the tree is copied.
        #expect(number(try sample.file(of: "set/a")) != number("one/set/a"))
        try sample.tree.expectInPlace(in: scratch.path("two"))
        #expect(try sample.stage(into: "three", sample.cache()) == 0)
        #expect(number(file) != number("three/set/last"))
    }

    @Test func writingToACopyDamagesTheEntryAndNothingElse() throws {
        try sample.stage(into: "one", sample.cache(links: true))
        try sample.damage("one/set/last", at: 100)
        let altered = try readWhole(path: scratch.path("one/set/last"))
        #expect(try sample.stage(into: "two", sample.cache(links: true)) > 0)
        try sample.tree.expectInPlace(in: scratch.path("two"))
        #expect(try readWhole(path: scratch.path("one/set/last")) == altered)
        #expect(try sample.stage(into: "three", sample.cache(links: true)) == 0)
    }

    /// A linked file is not written to where it grows: it becomes a file of its own.
    @Test func aPieceThatIsWrittenAgainLeavesTheCacheAlone() throws {
        try sample.stage(into: "one", sample.cache(links: true))
        let area = try sample.begin(in: "two", sample.cache(links: true))
        let last = PieceIndex(area.geometry.pieceCount - 1)
        try area.drop(last)
        try sample.tree.write(last, to: area)
        #expect(try area.finish())
        try sample.tree.expectInPlace(in: scratch.path("two"))
        #expect(number("one/set/last") != number("two/set/last"))
        try sample.tree.expectInPlace(in: scratch.path("one"))
    }

    @Test func otherRightsOrDatesAreNotShared() throws {
        try sample.stage(into: "one", sample.cache(links: true))
        #expect(unsafe chmod(scratch.path("one/set/last"), 0o600) == 0)
        try sample.believeAll()
        #expect(try sample.stage(into: "two", sample.cache(links: true)) == 0)
        #expect(number("one/set/last") != number("two/set/last"))
        #expect(sample.tree.status(scratch.path("one/set/last")).st_mode & 0o777 == 0o600)
        try sample.tree.expectInPlace(in: scratch.path("two"))
    }

    /// The job that was killed had begun with links, which the next one does not take for its own.
    @Test func aKilledJobIsContinued() throws {
        try sample.stage(into: "one", sample.cache(links: true))
        try sample.begin(in: "two", sample.cache(links: true)).abandon()
        #expect(try sample.stage(into: "two", sample.cache(links: true)) == 0)
        try sample.tree.expectInPlace(in: scratch.path("two"))
    }
}
