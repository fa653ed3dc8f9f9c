import Content
import FoundationEssentials
import Glibc
import TestSupport
import Testing
import Vocabulary

@testable import Storage

/// Archives whose bytes need not be written to another file.
extension UnpackedArchiveTests {
    /// The bytes of a large file are passed over until a piece needs them.
    @Test func theHeadersAloneOfAPlainTarAreRead() throws {
        do {
            let made = SampleArchive(scratch.path("a"))
            for number in 1...4 { made.file("\(number)", large(number)) }
        }
        let archive = try archive()
        let before = try readByThisThread()
        #expect(try archive.listing().entries.count == 5)
        #expect(try readByThisThread() - before < 2 << 20)
        #expect(try scratch.names("d/.t.mpiswarm-archive") == ["index", "lock"])
        #expect(try bytes(source(archive)) == (1...4).flatMap { large($0) })
        #expect(archive.unpackedCount == 1)
    }

    @Test func theNextRunReadsAPlainTarWhereItIs() throws {
        do {
            let made = SampleArchive(scratch.path("a"))
            made.file("z", content(3000, 1))
            made.file("a", content(5000, 2))
            made.sameFile("b", as: "z")
        }
        let first = try archive().listing()
        let next = try archive()
        #expect(try next.listing() == first)
        #expect(try bytes(source(next)) == content(5000, 2) + content(3000, 1))
        next.discard()
        #expect(try bytes(source(archive())) == content(5000, 2) + content(3000, 1))
        #expect(next.unpackedCount == 0)
        #expect(try scratch.names("d/.t.mpiswarm-archive") == ["index", "lock"])
    }

    @Test func aPlainTarThatIsWrittenToIsRefused() throws {
        do { SampleArchive(scratch.path("a")).file("x", content(3000, 1)) }
        let archive = try archive()
        let source = try source(archive)
        let file = try OpenFile(opening: scratch.path("a"), flags: O_WRONLY | O_APPEND)
        try unsafe file.write([1].span.bytes, path: "a")
        #expect(throws: StorageError.changed(path: scratch.path("a/x"))) { _ = try bytes(source) }
    }

    @Test func aPlainTarWithHolesIsUnpacked() throws {
        do {
            let made = SampleArchive(scratch.path("a"))
            made.file("first", content(2000, 2))
            made.sparse("holes", length: 3_000_000, content(512, 1), at: 1_048_576)
        }
        let archive = try archive()
        let whole = try bytes(source(archive))
        #expect(Array(whole[..<2000]) == content(2000, 2))
        #expect(Array(whole[1_050_576..<1_051_088]) == content(512, 1))
        #expect(try scratch.names("d/.t.mpiswarm-archive") == ["bytes", "index", "lock"])
        #expect(archive.unpackedCount == 1)
    }

    @Test func aDryRunOfAPlainTarLeavesTheNotesOfAnotherAlone() throws {
        do { SampleArchive(scratch.path("a"), .tarGzip).file("x", "one") }
        _ = try archive().listing()
        let before = try notes()
        do { SampleArchive(scratch.path("a")).file("x", "two") }
        let dry = try archive(isDry: true)
        #expect(try bytes(source(dry)) == Array("two".utf8))
        #expect(try notes() == before)
    }

    private func large(_ number: Int) -> [UInt8] {
        [UInt8](repeating: UInt8(number), count: 2 << 20)
    }

    private func notes() throws -> [Data] {
        try ["bytes", "index"].map {
            try Data(contentsOf: URL(filePath: scratch.path("d/.t.mpiswarm-archive/\($0)")))
        }
    }

    private func readByThisThread() throws -> Int {
        let text = try Data(contentsOf: URL(filePath: "/proc/thread-self/io"))
        let line = String(decoding: text, as: UTF8.self).split(separator: "\n").first {
            $0.hasPrefix("rchar: ")
        }
        return try #require(line.flatMap { Int($0.dropFirst(7)) })
    }
}
