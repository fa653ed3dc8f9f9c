import Content
import Glibc
import Synchronization
import Testing
import Vocabulary

@testable import Storage

/// A receiver of a tree that comes first in a part, which has all of it, and then as a whole.
@Suite struct EarlyCopiesTests {
    private let scratch: Scratch
    private let storage: StageStorage
    private let isReaderGone: SharedFlag

    private final class SharedFlag: Sendable {
        let isSet = Atomic<Bool>(false)
    }

    init() throws {
        let scratch = try Scratch()
        try scratch.folder("s")
        try scratch.put([UInt8](repeating: 7, count: 3500), "s/f")
        let flag = SharedFlag()
        var terms = TreeTerms(words: { "\($0)" }, lapseWords: { "\($0)" })
        terms.contentCount = 1
        let folder = scratch.path("out")
        storage = StageStorage(
            rank: Rank(2), crew: DiskWorkers(),
            pool: BufferPool(byteCountMax: 1000, keptMax: 4), terms: terms
        ) { manifest in
            var duty = TreeDuty()
            duty.folder = folder
            duty.number = Int(manifest.origin.job)
            duty.early = duty.number == 0 ? .part(copy: nil) : .whole(partCount: duty.number)
            if duty.isPart { duty.isReaderGone = { flag.isSet.load(ordering: .relaxed) } }
            return duty
        }
        self.scratch = scratch
        isReaderGone = flag
    }

    private func open(_ number: UInt64) throws -> ContentID {
        let listing = try TreeListing(of: scratch.path("s"), as: RelativePath("s"), follows: false)
        let manifest = try TreeManifest(
            entries: TreeListing.entries(of: [listing]), pieceLength: ByteCount(1000),
            digest: .xxh3, origin: TreeManifest.Origin(publisher: .first, job: number))
        let content = ContentID(ofManifest: manifest.encoded())
        storage.open(content, manifest.encoded())
        return content
    }

    private func fill(_ content: ContentID) {
        for piece in 0..<4 {
            let bytes = [UInt8](repeating: 7, count: piece == 3 ? 500 : 1000)
            let buffer = unsafe PieceBuffer(copying: bytes.span.bytes)
            storage.keep(
                buffer, as: PieceIndex(piece), of: content, digest: SampleTree.digest(bytes))
        }
    }

    private var hasParts: Bool {
        get throws { try scratch.names("out").contains(".s.mpiswarm-part") }
    }

    /// A tree of one or two parts, of which one is here, proven or not. Where another part is not
    /// known yet, it may have another entry of the same name and date.
    @Test(arguments: [(1, true, true), (1, false, false), (2, true, false)])
    func whatIsTakenOverIsBelievedOnceItIsProven(
        partCount: UInt64, isProven: Bool, isBelieved: Bool
    ) throws {
        let part = try open(0)
        fill(part)
        let tree = try #require(storage.tree(of: part))
        if isProven {
            let want = WantNumber(0)
            #expect(EarlyCopies(storage).finish(part, want, tree))
        }
        _ = storage.answers.take()
        let whole = try open(partCount)
        let events = storage.answers.take()
        guard case .opened(whole, let opened?)? = events.first else {
            Issue.record("\(events)")
            return
        }
        #expect(opened.held == (isProven ? PieceSet(all: 4) : PieceSet(none: 4)))
        #expect(opened.unproven == (isProven && !isBelieved ? PieceSet(all: 4) : PieceSet(none: 4)))
        #expect(opened.believed == (isBelieved ? PieceSet(all: 4) : PieceSet(none: 4)))
    }

    @Test(arguments: [false, true])
    func partsOfATreeThatNeverCameStayIfItsReaderIsGone(isGone: Bool) throws {
        fill(try open(0))
        isReaderGone.isSet.store(isGone, ordering: .relaxed)
        EarlyCopies(storage).removeParts()
        #expect(try hasParts == isGone)
    }

    /// The user ends the job by `--timeout`, for instance, and starts it again.
    @Test func partsOfATreeThatHasBegunStay() throws {
        fill(try open(0))
        _ = try open(1)
        EarlyCopies(storage).removeParts()
        #expect(try hasParts)
    }

    @Test func partsOfATreeThatIsRefusedAreRemoved() throws {
        fill(try open(0))
        try scratch.put("in the way", "out/s")
        _ = try open(1)
        EarlyCopies(storage).removeParts()
        #expect(try !hasParts)
    }
}
