import Content
import Glibc
import Testing
import Vocabulary

@testable import Storage

/// Another process writes to a file that is being fetched for a user.
@Suite struct LiveAlteredTests {
    private let scratch: Scratch
    private let bytes = (0..<4000).map { UInt8(truncatingIfNeeded: $0 * 7 + ($0 >> 8)) }
    private let publication: Publication

    init() throws {
        scratch = try Scratch()
        publication = Publication(
            Manifest.ofBytes(name: try RelativePath("f"), bytes, pieceLength: ByteCount(1000)))
    }

    private func part() throws -> LivePart {
        try LivePart(
            publication.content, publication.manifest, at: LivePlace(continued: scratch.path("x"))
        ) { false }
    }

    private func put(_ pieces: Int..., to part: LivePart) throws {
        for piece in pieces {
            let buffer = unsafe PieceBuffer(
                copying: Array(bytes[piece * 1000..<piece * 1000 + 1000]).span.bytes)
            #expect(try part.put(buffer, as: PieceIndex(piece)))
        }
    }

    private func alter(_ path: String) throws {
        let before = SampleTree().status(path)
        let file = try OpenFile(opening: path, flags: O_WRONLY)
        try unsafe file.write([UInt8(0xEE)].span.bytes, at: 1500, path: path)
        let times = [before.st_atim, before.st_mtim]
        #expect(unsafe utimensat(AT_FDCWD, path, times, 0) == 0)
    }

    private func kept(_ part: LivePart) -> [Int] {
        (0..<4).filter { part.kept.contains(PieceIndex($0)) }
    }

    /// The alteration also restores the date.
    @Test func betweenTwoJobs() throws {
        let first = try part()
        try put(0, 1, 2, to: first)
        #expect(try kept(part()) == [0, 1, 2])
        try alter(first.path)
        let second = try part()
        #expect(kept(second) == [0, 2])
        try put(1, 3, to: second)
        #expect(try second.takeName(scratch.path("f")))
        #expect(try readWhole(path: scratch.path("f")) == bytes)
    }

    /// The file gets no name, and a repeated request fetches the missing pieces.
    @Test(arguments: [false, true]) func whileItGrows(isLast: Bool) throws {
        let part = try part()
        try put(0, 1, 2, to: part)
        if isLast { try put(3, to: part) }
        try alter(part.path)
        if !isLast { try put(3, to: part) }
        #expect(throws: StorageError.altered(path: part.path)) {
            _ = try part.takeName(scratch.path("f"))
        }
        #expect(kept(part) == [0, 2, 3])
        try put(1, to: part)
        #expect(try part.takeName(scratch.path("f")))
        #expect(try readWhole(path: scratch.path("f")) == bytes)
    }

    @Test func aWrongPieceIsNotServed() throws {
        let part = try part()
        try put(0, 1, 2, 3, to: part)
        try alter(part.path)
        #expect(try part.read(PieceIndex(1)) == nil)
        #expect(kept(part) == [0, 2, 3])
    }

    @Test(.enabled(if: geteuid() == 0, "needs root")) func ofAnotherUser() throws {
        let part = try part()
        try put(0, 1, 2, 3, to: part)
        #expect(unsafe chown(part.path, 65_534, 65_534) == 0)
        #expect(try kept(self.part()) == [])
    }

    @Test func aRunNamesNothingThatWasAltered() throws {
        let disk = try TestDisk()
        var store = try LabelStore(
            disk.contents, output: scratch.path("out"), wanting: RelativePath("f"),
            cutAs: publication.geometry)
        store.perform(.open(publication.content), bytes: publication.encoded)
        _ = disk.answers(of: &store)
        for piece in 0..<4 {
            store.keep(
                unsafe PieceBuffer(
                    copying: Array(bytes[piece * 1000..<piece * 1000 + 1000]).span.bytes),
                as: PieceIndex(piece), of: publication.content, digest: nil)
        }
        _ = disk.answers(of: &store)
        try alter(scratch.path("out/.f.mpiswarm-part"))
        store.perform(.finish(publication.content, WantNumber(0)))
        let answers = disk.answers(of: &store)
        guard case .troubled = answers.first, case .unfinished = answers.last else {
            Issue.record("it counts as finished")
            return
        }
        #expect(try namesOfFiles(in: scratch.path("out")) == [".f.mpiswarm-part"])
    }
}
