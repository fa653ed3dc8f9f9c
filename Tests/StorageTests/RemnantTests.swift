import Content
import Glibc
import Testing
import Vocabulary

@testable import Storage

/// The remains of an interrupted run, and how the next run continues it.
@Suite struct RemnantTests {
    private let scratch: Scratch
    private let memory = MemoryContents()
    private let files = FileContents { "\($0)" }
    private let bytes = (0..<10).map { UInt8($0) }
    private let publication: Publication
    private let name: RelativePath

    init() throws {
        scratch = try Scratch()
        name = try RelativePath("f")
        publication = Publication(
            Manifest.ofBytes(name: name, bytes, pieceLength: ByteCount(4)))
    }

    private func store() throws -> LabelStore {
        let remnant = try Remnant(of: name, publication.geometry, below: scratch.path("out"))
        return try LabelStore(
            output: scratch.path("out"), remnant: remnant, memory: memory, files: files)
    }

    private func open(_ store: inout LabelStore) -> [Int] {
        store.perform(.open(publication.content), bytes: publication.encoded)
        guard case .opened(_, let opened?) = store.next() else { return [] }
        return (0..<3).filter { opened.held.contains(PieceIndex($0)) }
    }

    private func keep(_ pieces: Int..., in store: inout LabelStore) {
        for piece in pieces {
            let part = Array(bytes[piece * 4..<min(10, piece * 4 + 4)])
            store.keep(
                unsafe PieceBuffer(copying: part.span.bytes), as: PieceIndex(piece),
                of: publication.content, digest: nil)
            #expect(store.next() == .kept(PieceIndex(piece), of: publication.content))
        }
    }

    private func finish(_ store: inout LabelStore) {
        store.perform(.finish(publication.content, WantNumber(0)))
        #expect(store.next() == .finished(publication.content, WantNumber(0)))
    }

    private func put(_ bytes: [UInt8], _ file: String) throws {
        try writeWhole(bytes, path: scratch.path("out/\(file)"))
    }

    private func names() throws -> [String] { try namesOfFiles(in: scratch.path("out")) }

    @Test func anInterruptedFetchIsContinued() throws {
        var first = try store()
        #expect(open(&first) == [])
        keep(2, 0, in: &first)
        files.abandon()
        #expect(try names() == [".f.mpiswarm-part"])
        let again = FileContents { "\($0)" }
        let remnant = try Remnant(of: name, publication.geometry, below: scratch.path("out"))
        var second = try LabelStore(
            output: scratch.path("out"), remnant: remnant, memory: memory, files: again)
        #expect(open(&second) == [0, 2])
        keep(1, in: &second)
        finish(&second)
        #expect(try names() == ["f"])
        #expect(try readWhole(path: scratch.path("out/f")) == bytes)
    }

    @Test func aFileChangedMeanwhileIsFetchedAgain() throws {
        var changed = bytes
        changed[5] = 99
        try put(changed, ".f.mpiswarm-part")
        var store = try store()
        #expect(open(&store) == [0, 2])
    }

    @Test func aPartThatIsTooLongIsCut() throws {
        try put(bytes + [1, 2, 3], ".f.mpiswarm-part")
        var store = try store()
        #expect(open(&store) == [0, 1, 2])
        finish(&store)
        #expect(try readWhole(path: scratch.path("out/f")) == bytes)
    }

    @Test func aShortPartIsGoodAsFarAsItGoes() throws {
        try put(Array(bytes.prefix(7)), ".f.mpiswarm-part")
        var store = try store()
        #expect(open(&store) == [0])
    }

    @Test func aCompleteFileUnderItsNameNeedsNoFetch() throws {
        try put(bytes, "f")
        var store = try store()
        #expect(open(&store) == [0, 1, 2])
        finish(&store)
        #expect(try names() == ["f"])
    }

    /// The other file stays until the new one is whole, and is replaced then.
    @Test(arguments: [[9, 9, 9, 9, 4, 5, 6, 7, 8, 9], [1]])
    func anotherFileOfThatNameIsReplacedInTheEnd(other: [UInt8]) throws {
        try put(other, "f")
        var store = try store()
        #expect(open(&store) == [])
        keep(0, 1, in: &store)
        #expect(try readWhole(path: scratch.path("out/f")) == other)
        keep(2, in: &store)
        finish(&store)
        #expect(try readWhole(path: scratch.path("out/f")) == bytes)
        #expect(try names() == ["f"])
    }

    @Test func aLinkInItsPlaceIsRefused() throws {
        try put([1], "other")
        unsafe symlink("other", scratch.path("out/.f.mpiswarm-part"))
        #expect(throws: StorageError.self) { _ = try store() }
    }

    @Test func linesAreNeverOlderThanTheOneBefore() throws {
        let log = try LineLog(folder: scratch.path("logs"), name: "l")
        #expect(try namesOfFiles(in: scratch.path("logs")) == [])
        let times = [5, 3, 7].map { Tick(nanoseconds: $0) }
        for time in times { log.append(at: time) { "\($0.nanoseconds)\n" } }
        for time in times { log.append(at: time, onceFor: Rank(1)) { "\($0.nanoseconds)!\n" } }
        let text = String(
            decoding: try readWhole(path: scratch.path("logs/l")), as: UTF8.self)
        #expect(text == "5\n5\n7\n7!\n")
    }
}
