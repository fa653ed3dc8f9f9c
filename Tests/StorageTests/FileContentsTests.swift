import Content
import Glibc
import Testing
import Vocabulary

@testable import Storage

/// Files of bytes from their owner's disk to a receiver's, piece by piece.
@Suite struct FileContentsTests {
    private let scratch: Scratch
    private let owner: TestDisk
    private let receiver: TestDisk
    private let piece = 64 << 10

    init() throws {
        scratch = try Scratch()
        (owner, receiver) = (try TestDisk(), try TestDisk())
        try scratch.folder("in/sub")
    }

    private func noise(_ count: Int) -> [UInt8] {
        var chance = Chance(seed: UInt64(count) &+ 1)
        return (0..<count).map { _ in UInt8(truncatingIfNeeded: chance.next()) }
    }

    private func source(_ bytes: [UInt8], at place: String = "sub/data") throws -> ByteSource {
        try scratch.put(bytes, "in/" + place)
        return try ByteSource(
            RelativePath("x"), at: RelativePath(place),
            in: InputFolder(path: scratch.path("in")))
    }

    private func store(_ disk: TestDisk, _ source: ByteSource? = nil) throws -> LabelStore {
        try LabelStore(
            disk.contents, output: scratch.path("out"), peer: 1, wanted: [RelativePath("x")],
            owned: source.map { [$0.publication] } ?? [])
    }

    private func open(_ source: ByteSource, in store: inout LabelStore) {
        store.perform(
            .open(source.publication.content), bytes: source.publication.encoded)
        receiver.settle()
    }

    private func read(_ position: Int, of source: ByteSource, from disk: TestDisk) -> PieceBuffer? {
        disk.read(position, of: source.publication.content)
    }

    private func keep(_ position: Int, of source: ByteSource, in store: inout LabelStore) throws {
        let buffer = try #require(read(position, of: source, from: owner))
        store.keep(
            buffer, as: PieceIndex(position), of: source.publication.content, digest: nil)
        receiver.settle()
    }

    @Test(arguments: [0, 1, 65535, 65536, 65537, 200_000])
    func bytesArriveAsTheyWere(count: Int) throws {
        let bytes = noise(count)
        let source = try source(bytes)
        owner.contents.files.add(source)
        let content = source.publication.content
        let pieceCount = source.publication.geometry.pieceCount
        #expect(pieceCount == (count + piece - 1) / piece)
        var store = try store(receiver)
        open(source, in: &store)
        // Out of order.
        for position in (0..<pieceCount).reversed() {
            #expect(read(position, of: source, from: receiver) == nil)
            try keep(position, of: source, in: &store)
            #expect(read(position, of: source, from: receiver) != nil)
            #expect(try scratch.names("out").allSatisfy { $0.hasSuffix(".part") })
        }
        store.perform(.finish(content, WantNumber(0)))
        #expect(receiver.answers(of: &store).last == .finished(content, WantNumber(0)))
        #expect(try scratch.names("out") == ["client1_x"])
        #expect(try Array(scratch.text("out/client1_x").utf8) == Array(text(bytes).utf8))
        // It still serves all pieces.
        for position in 0..<pieceCount {
            #expect(read(position, of: source, from: receiver) != nil)
        }
        #expect(read(pieceCount, of: source, from: receiver) == nil)
        #expect(read(pieceCount, of: source, from: owner) == nil)
        receiver.contents.files.abandon()
        #expect(try scratch.names("out") == ["client1_x"])
    }

    private func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

    @Test func anOwnedFileThatIsWantedIsCopied() throws {
        let source = try source(noise(150_000))
        owner.contents.files.add(source)
        var store = try store(owner, source)
        store.perform(.finish(source.publication.content, WantNumber(0)))
        #expect(
            owner.answers(of: &store) == [.finished(source.publication.content, WantNumber(0))])
        #expect(try scratch.text("out/client1_x") == text(noise(150_000)))
    }

    @Test func aChangedFileIsNeitherServedNorCopied() throws {
        let source = try source(noise(150_000))
        owner.contents.files.add(source)
        #expect(read(1, of: source, from: owner) != nil)
        try scratch.put(noise(150_001), "in/sub/data")
        #expect(read(1, of: source, from: owner) == nil)
        var store = try store(owner, source)
        store.perform(.finish(source.publication.content, WantNumber(0)))
        let events = owner.answers(of: &store)
        #expect(
            events.last
                == .unfinished(
                    source.publication.content, WantNumber(0), .failing(errno: ESTALE)))
        // Reported once for the requested piece, and once for the copy.
        #expect(events.count == 3)
        #expect(try scratch.names("out") == [])
    }

    @Test func anIncompleteFileIsRemovedAtTheEnd() throws {
        let source = try source(noise(150_000))
        owner.contents.files.add(source)
        var store = try store(receiver)
        open(source, in: &store)
        try keep(0, of: source, in: &store)
        #expect(try scratch.names("out").count == 1)
        receiver.contents.files.abandon()
        #expect(try scratch.names("out") == [])
        // A later request is refused, and makes no new file.
        open(source, in: &store)
        #expect(try scratch.names("out") == [])
    }

    @Test func aPieceThatCannotBeWrittenFailsItsContent() throws {
        let source = try source(noise(150_000))
        owner.contents.files.add(source)
        var store = try store(receiver)
        open(source, in: &store)
        let part = try #require(try scratch.names("out").first)
        let removed = unsafe unlink(scratch.path("out/" + part))
        #expect(removed == 0)
        try keep(0, of: source, in: &store)
        try keep(1, of: source, in: &store)
        let events = receiver.answers(of: &store)
        #expect(
            events.last == .failed(source.publication.content, .failing(errno: ENOENT)))
        // The reason, the opening, and the failure, which is reported once.
        #expect(events.count == 3)
    }

    @Test func badBytesAreNotWritten() throws {
        let source = try source(noise(100))
        var store = try store(receiver)
        open(source, in: &store)
        store.keep(
            unsafe PieceBuffer(copying: noise(99).span.bytes), as: PieceIndex(0),
            of: source.publication.content, digest: nil)
        #expect(
            receiver.answers(of: &store).last == .bad(PieceIndex(0), of: source.publication.content)
        )
        #expect(read(0, of: source, from: receiver) == nil)
    }

    @Test func manyPartsHaveNamesOfTheirOwn() throws {
        let sources = try (0..<300).map { try source(noise($0 + 1), at: "sub/\($0)") }
        var store = try store(receiver)
        for source in sources { open(source, in: &store) }
        #expect(try scratch.names("out").count == 300)
        receiver.contents.files.abandon()
        #expect(try scratch.names("out") == [])
    }

    @Test func aPathToNoFileBelowTheFolderIsRefused() throws {
        try scratch.put("secret", "secret")
        try scratch.link("in/link", to: scratch.path("secret"))
        try scratch.link("in/folder", to: scratch.path)
        let made = unsafe mkfifo(scratch.path("in/pipe"), 0o600)
        #expect(made == 0)
        let folder = try InputFolder(path: scratch.path("in"))
        for (place, code) in [
            ("link", ELOOP), ("folder/secret", ELOOP), ("nothing", ENOENT), ("sub/no", ENOENT),
        ] {
            #expect(
                throws: StorageError.self, "\(place)"
            ) { _ = try ByteSource(RelativePath("x"), at: RelativePath(place), in: folder) }
            do {
                _ = try ByteSource(RelativePath("x"), at: RelativePath(place), in: folder)
            } catch let error as StorageError {
                guard case .system(_, _, let found) = error else {
                    Issue.record("\(error)")
                    continue
                }
                #expect(found == code, "\(place)")
            }
        }
        for place in ["pipe", "sub"] {
            #expect(throws: StorageError.notAFile(path: scratch.path("in/" + place))) {
                _ = try ByteSource(RelativePath("x"), at: RelativePath(place), in: folder)
            }
        }
    }
}
