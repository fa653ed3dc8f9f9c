import Content
import Glibc
import Testing
import Vocabulary

@testable import Storage

/// The remains of an interrupted run, and how the next run continues it.
@Suite struct ContinuedRunTests {
    private let scratch: Scratch
    private let disk: TestDisk
    private let bytes = (0..<10).map { UInt8($0) }
    private let publication: Publication
    private let name: RelativePath

    init() throws {
        scratch = try Scratch()
        disk = try TestDisk()
        name = try RelativePath("f")
        publication = Publication(
            Manifest.ofBytes(name: name, bytes, pieceLength: ByteCount(4)))
    }

    private func store(on disk: TestDisk) throws -> LabelStore {
        try LabelStore(
            disk.contents, output: scratch.path("out"), wanting: name, cutAs: publication.geometry)
    }

    private func store() throws -> LabelStore { try store(on: disk) }

    private func open(_ store: inout LabelStore, on other: TestDisk? = nil) -> [Int] {
        store.perform(.open(publication.content), bytes: publication.encoded)
        let answers = (other ?? disk).answers(of: &store)
        guard case .opened(_, let opened?) = answers.last else { return [] }
        return (0..<3).filter { opened.held.contains(PieceIndex($0)) }
    }

    private func keep(_ pieces: Int..., in store: inout LabelStore, on other: TestDisk? = nil) {
        for piece in pieces {
            let part = Array(bytes[piece * 4..<min(10, piece * 4 + 4)])
            store.keep(
                unsafe PieceBuffer(copying: part.span.bytes), as: PieceIndex(piece),
                of: publication.content, digest: nil)
            let answers = (other ?? disk).answers(of: &store)
            #expect(answers == [.kept(PieceIndex(piece), of: publication.content)])
        }
    }

    private func finish(_ store: inout LabelStore, on other: TestDisk? = nil) {
        store.perform(.finish(publication.content, WantNumber(0)))
        let answers = (other ?? disk).answers(of: &store)
        #expect(answers == [.finished(publication.content, WantNumber(0))])
    }

    private func put(_ bytes: [UInt8], _ file: String) throws {
        try writeWhole(bytes, path: scratch.path("out/\(file)"))
    }

    private func names() throws -> [String] { try namesOfFiles(in: scratch.path("out")) }

    @Test func anInterruptedFetchIsContinued() throws {
        var first = try store()
        #expect(open(&first) == [])
        keep(2, 0, in: &first)
        disk.contents.files.abandon()
        #expect(try names() == [".f.mpiswarm-part"])
        let again = try TestDisk()
        var second = try store(on: again)
        #expect(open(&second, on: again) == [0, 2])
        keep(1, in: &second, on: again)
        finish(&second, on: again)
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

    /// It was whole when the run began.
    @Test func aWholeFileThatIsChangedMeanwhileDoesNotCount() throws {
        try put(bytes, "f")
        var store = try store()
        #expect(open(&store) == [0, 1, 2])
        try put(bytes + [1], "f")
        store.perform(.finish(publication.content, WantNumber(0)))
        let answers = disk.answers(of: &store)
        guard case .troubled = answers.first, case .unfinished = answers.last else {
            Issue.record("it counts as finished")
            return
        }
        #expect(try readWhole(path: scratch.path("out/f")) == bytes + [1])
    }

    @Test func aLinkInItsPlaceIsReplacedAndNotFollowed() throws {
        try put([1], "other")
        unsafe symlink("other", scratch.path("out/.f.mpiswarm-part"))
        var store = try store()
        #expect(open(&store) == [])
        keep(0, 1, 2, in: &store)
        finish(&store)
        #expect(try readWhole(path: scratch.path("out/other")) == [1])
        #expect(try names() == ["f", "other"])
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
