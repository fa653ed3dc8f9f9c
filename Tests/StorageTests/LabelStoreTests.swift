import Content
import Glibc
import Testing
import Vocabulary

@testable import Storage

@Suite struct LabelStoreTests {
    private let scratch: Scratch
    private let disk: TestDisk
    private let publication: Publication
    private let first = WantNumber(0)

    init() throws {
        scratch = try Scratch()
        disk = try TestDisk()
        publication = Publication(try Self.manifest("aa\nb\naa\n"))
    }

    static func manifest(_ text: String) throws -> Manifest {
        Manifest(
            name: try RelativePath("x"), labels: try LabelTable(text: Array(text.utf8)))
    }

    private func store(
        wanting names: [String] = ["x"], owning owned: [Publication] = []
    ) throws -> LabelStore {
        try LabelStore(
            disk.contents, output: scratch.path("out"), peer: 1,
            wanted: try names.map { try RelativePath($0) }, owned: owned)
    }

    private func open(
        _ content: ContentID, _ manifest: [UInt8], in store: inout LabelStore
    ) -> Geometry? {
        store.perform(.open(content), bytes: manifest)
        return opened(in: &store)
    }

    private func open(
        _ content: ContentID, fetchedAs manifest: ContentID, in store: inout LabelStore
    ) -> Geometry? {
        store.perform(.openFetched(content, from: manifest))
        return opened(in: &store)
    }

    /// Events before the opening are passed over.
    private func opened(in store: inout LabelStore) -> Geometry? {
        for case .opened(_, let opened) in drain(&store) { return opened?.geometry }
        return nil
    }

    /// The events, without the texts for the user.
    private func drain(_ store: inout LabelStore) -> [StoreEvent] {
        disk.answers(of: &store).filter { if case .troubled = $0 { false } else { true } }
    }

    @Test func aFinishedWantIsAFile() throws {
        var store = try store()
        let geometry = open(publication.content, publication.encoded, in: &store)
        #expect(geometry == publication.geometry)
        for position in 0..<3 {
            store.keep(
                store.blank(byteCount: 0), as: PieceIndex(position), of: publication.content,
                digest: nil)
        }
        #expect(
            drain(&store) == (0..<3).map { .kept(PieceIndex($0), of: publication.content) })
        store.perform(.finish(publication.content, first))
        #expect(drain(&store) == [.finished(publication.content, first)])
        #expect(try scratch.text("out/client1_x") == "aa\nb\naa\n")
        #expect(try scratch.names("out") == ["client1_x"])
    }

    /// Its manifest has the digests: the publisher is not asked, and no piece is refused.
    @Test func aContentIsProvenByItsManifest() throws {
        var store = try store(owning: [publication])
        let content = publication.content
        store.perform(.proof(content, .prove(table: try #require(PieceDigest([1])))))
        let digests: [UInt8] = [1]
        store.perform(.proof(content, .compare(first: 0)), bytes: digests)
        store.perform(.proof(content, .hear(first: 0)), bytes: digests)
        store.perform(.proof(content, .publish))
        store.perform(.proof(content, .readRest))
        #expect(
            drain(&store) == [
                .proven(content), .compared(content, wrong: []), .heard(content, wrong: []),
            ])
    }

    @Test func anOwnedContentIsFinishedWithoutBeingOpened() throws {
        var store = try store(owning: [publication])
        store.perform(.finish(publication.content, first))
        #expect(drain(&store) == [.finished(publication.content, first)])
        #expect(try scratch.text("out/client1_x") == "aa\nb\naa\n")
    }

    @Test func noSegmentsGiveAnEmptyFile() throws {
        let empty = Publication(try Self.manifest(""))
        var store = try store(owning: [empty])
        store.perform(.finish(empty.content, first))
        #expect(drain(&store) == [.finished(empty.content, first)])
        #expect(try scratch.text("out/client1_x") == "")
    }

    @Test func anExistingFileIsReplaced() throws {
        try scratch.folder("out")
        try scratch.put(String(repeating: "old\n", count: 100), "out/client1_x")
        var store = try store(owning: [publication])
        store.perform(.finish(publication.content, first))
        #expect(drain(&store) == [.finished(publication.content, first)])
        #expect(try scratch.text("out/client1_x") == "aa\nb\naa\n")
    }

    @Test func aPlantedLinkIsReplacedAndNotFollowed() throws {
        try scratch.folder("out")
        try scratch.put("precious", "target")
        try scratch.link("out/client1_x", to: scratch.path("target"))
        // A link also lies at each of the first temporary names.
        let temporary = "out/\(TemporaryFile.beginning("client1"))\(getpid())."
        try scratch.link("\(temporary)0.part", to: scratch.path("target"))
        try scratch.link("\(temporary)1.part", to: scratch.path("target"))
        var store = try store(owning: [publication])
        store.perform(.finish(publication.content, first))
        #expect(drain(&store) == [.finished(publication.content, first)])
        #expect(try scratch.text("target") == "precious")
        #expect(try scratch.text("out/client1_x") == "aa\nb\naa\n")
    }

    @Test func aFailureLeavesNothingBehind() throws {
        try scratch.folder("out/client1_x/in the way")
        var store = try store(owning: [publication])
        store.perform(.finish(publication.content, first))
        #expect(
            drain(&store) == [
                .unfinished(publication.content, first, .failing(errno: EISDIR))
            ])
        #expect(try scratch.names("out") == ["client1_x"])
    }

    @Test func aNameTooLongForItsPrefixIsUnfinished() throws {
        var store = try store(
            wanting: [String(repeating: "n", count: 255)], owning: [publication])
        store.perform(.finish(publication.content, first))
        #expect(
            drain(&store) == [
                .unfinished(publication.content, first, .failing(errno: ENAMETOOLONG))
            ])
    }

    @Test func manifestsOfOthersAreNotBelieved() throws {
        var store = try store()
        let wrong = ContentID(high: 1, low: 2)
        #expect(open(wrong, publication.encoded, in: &store) == nil)
        #expect(open(publication.content, [], in: &store) == nil)
        let noise: [UInt8] = [1, 2, 3]
        #expect(open(ContentID(ofManifest: noise), noise, in: &store) == nil)
        #expect(open(.none, publication.encoded, in: &store) == nil)
    }

    @Test func openingTwiceIsOpeningOnce() throws {
        var store = try store()
        #expect(open(publication.content, publication.encoded, in: &store) != nil)
        #expect(open(publication.content, publication.encoded, in: &store) != nil)
    }

    @Test func labelsCarryNoBytes() throws {
        var store = try store()
        _ = open(publication.content, publication.encoded, in: &store)
        store.keep(
            store.blank(byteCount: 1), as: PieceIndex(0), of: publication.content, digest: nil)
        #expect(drain(&store) == [.bad(PieceIndex(0), of: publication.content)])
    }

    /// One peer serves a long manifest, another fetches it piece by piece.
    @Test func aLongManifestIsFetchedAsAContent() throws {
        let lines = (0..<10_000).map { "segment-\($0)\n" }.joined()
        let long = Publication(try Self.manifest(lines))
        let nested = try #require(long.nested)
        let owner = try TestDisk()
        _ = try LabelStore(
            owner.contents, output: scratch.path("unused"), peer: 2, wanted: [], owned: [long])
        var reader = ContentsReader(owner.contents)
        var store = try store()
        let opened = open(nested.content, long.inlineManifest, in: &store)
        let geometry = try #require(opened)
        for position in 0..<geometry.pieceCount {
            let early = open(long.content, fetchedAs: nested.content, in: &store)
            #expect(early == nil)
            let piece = PieceIndex(position)
            reader.read(piece, of: nested.content, ticket: ReadTicket(7))
            let answer = reader.next()
            #expect(answer == ReadOutcome(ReadTicket(7), isGood: true))
            store.keep(
                reader.payload(of: ReadTicket(7)), as: piece, of: nested.content, digest: nil)
            reader.release(ReadTicket(7))
            #expect(drain(&store) == [.kept(piece, of: nested.content)])
        }
        let fetched = open(long.content, fetchedAs: nested.content, in: &store)
        #expect(fetched == long.geometry)
        let another = open(publication.content, fetchedAs: nested.content, in: &store)
        #expect(another == nil)
        store.perform(.finish(long.content, first))
        #expect(drain(&store) == [.finished(long.content, first)])
        #expect(try scratch.text("out/client1_x") == lines)
        // The rank that fetched it serves it.
        #expect(disk.read(geometry.pieceCount - 1, of: nested.content) != nil)
    }

    @Test func aFlippedBitIsBadAndNotKept() throws {
        let manifest = Manifest.ofBytes(name: try RelativePath("x"), [1, 2, 3])
        let bytes = Publication(manifest)
        var store = try store()
        _ = open(bytes.content, bytes.encoded, in: &store)
        let flipped: [UInt8] = [1, 2, 7]
        store.keep(
            unsafe PieceBuffer(copying: flipped.span.bytes), as: PieceIndex(0),
            of: bytes.content, digest: nil)
        #expect(drain(&store) == [.bad(PieceIndex(0), of: bytes.content)])
        #expect(disk.read(0, of: bytes.content) == nil)
        let right: [UInt8] = [1, 2, 3]
        store.keep(
            unsafe PieceBuffer(copying: right.span.bytes), as: PieceIndex(0),
            of: bytes.content, digest: nil)
        store.perform(.finish(bytes.content, first))
        #expect(drain(&store).last == .finished(bytes.content, first))
        #expect(try scratch.text("out/client1_x") == "\u{1}\u{2}\u{3}")
    }

    @Test func aPeerWithoutWantsNeedsNoFolder() throws {
        try scratch.put("a file", "out")
        _ = try store(wanting: [], owning: [publication])
    }

    @Test func unwritableFoldersAreRefusedBeforeTheStart() throws {
        try scratch.put("a file", "out")
        #expect(
            throws: StorageError.system(
                call: "open", path: scratch.path("out"), errno: ENOTDIR)
        ) { _ = try store() }
        let beneath = scratch.path("out/deeper")
        #expect(throws: StorageError.system(call: "mkdir", path: beneath, errno: ENOTDIR)) {
            _ = try LabelStore(
                disk.contents, output: beneath, peer: 1, wanted: [RelativePath("x")])
        }
        // In this folder not even root may create anything.
        #expect(throws: StorageError.self) {
            _ = try LabelStore(
                disk.contents, output: "/proc", peer: 1, wanted: [RelativePath("x")])
        }
    }

    @Test(arguments: ["a/b/c", "a//b/", "a/./b"])
    func missingFoldersAreCreated(below: String) throws {
        _ = try LabelStore(
            disk.contents, output: scratch.path(below), peer: 1, wanted: [RelativePath("x")])
        #expect(try scratch.names(below) == [])
    }

    @Test func readsOfMissingPiecesAreAnswered() {
        var reader = ContentsReader(disk.contents)
        for number in 0..<ContentsReader.readsMax {
            reader.read(
                PieceIndex(number), of: publication.content,
                ticket: ReadTicket(UInt32(number)))
        }
        var count = 0
        while let answer = reader.next() {
            #expect(answer == ReadOutcome(ReadTicket(UInt32(count)), isGood: false))
            count += 1
        }
        #expect(count == ContentsReader.readsMax)
    }
}
