import Content
import Glibc
import Synchronization
import Testing
import Vocabulary

@testable import Storage

/// The reports to the downloader of a publisher whose table cannot become whole.
@Suite struct StageStorageTests {
    private let scratch: Scratch

    init() throws {
        scratch = try Scratch()
        try scratch.folder("s")
        try scratch.put([UInt8](repeating: 7, count: 3500), "s/f")
    }

    /// The storage of a publisher that has opened the content and reads these pieces of it.
    private func opened(
        reading share: [Int]?, into folder: String, removes: Bool = false,
        early: TreeDuty.Early? = nil, as rank: Rank = .first, isFragment: Bool = false,
        lookingAt extra: @escaping @Sendable () -> Void = {}, then: (@Sendable () -> Void)? = nil
    ) throws -> (StageStorage, ContentID) {
        let listing = try TreeListing(of: scratch.path("s"), as: RelativePath("s"), follows: false)
        let manifest = try TreeManifest(
            entries: TreeListing.entries(of: [listing]), pieceLength: ByteCount(1000),
            digest: .xxh3, origin: TreeManifest.Origin(publisher: .first, job: 0))
        var terms = TreeTerms(words: { "\($0)" }, lapseWords: { "\($0)" })
        let site = SourceSite(name: try RelativePath("s"), path: scratch.path("s"))
        terms.sites = { [site] }
        terms.contentCount = 1
        if removes { terms.extras.treatment = .removed }
        terms.extras.isCovered = { _, _ in
            extra()
            return true
        }
        if let then {
            terms.afterNames = { done in
                then()
                done(nil)
            }
        }
        var duty = TreeDuty()
        duty.folder = scratch.path(folder)
        duty.early = early
        duty.isFragment = isFragment
        if let share {
            duty.share = { manifest in
                var pieces = PieceSet(none: manifest.geometry.pieceCount)
                for piece in share { pieces.insert(PieceIndex(piece)) }
                return pieces
            }
        }
        let storage = StageStorage(
            rank: rank, crew: DiskWorkers(), pool: BufferPool(byteCountMax: 1000, keptMax: 4),
            terms: terms
        ) { [duty] _ in duty }
        let content = ContentID(ofManifest: manifest.encoded())
        storage.open(content, manifest.encoded())
        return (storage, content)
    }

    /// No rank sends it the rest: the others have their own parts, and it has no place for more.
    @Test(arguments: [nil, [1], [0, 1, 2, 3]])
    func aPublisherWithoutACopyPublishesOnlyWhatItReadsAlone(share: [Int]?) throws {
        try scratch.put("in the way", "out")
        let (storage, content) = try opened(reading: share, into: "out")
        let events = storage.answers.take()
        #expect(events.contains(.cannotPublish(content)) == (share?.count != 4))
        #expect(events.contains(.failed(content, .unready)) == (share == nil))
    }

    @Test(arguments: [nil, [1], [0, 1, 2, 3]])
    func aPublisherWhoseDiskFailsPublishesOnlyWhatItReadsAlone(share: [Int]?) throws {
        let (storage, content) = try opened(reading: share, into: "out")
        #expect(!storage.answers.take().contains(.cannotPublish(content)))
        storage.fail(content, .system(call: "pwrite", path: "f", errno: ENOSPC))
        #expect(storage.answers.take().contains(.cannotPublish(content)) == (share?.count != 4))
        // The copy is lost already, so this time the source has failed.
        storage.fail(content, .system(call: "pwrite", path: "f", errno: ENOSPC))
        #expect(storage.answers.take().contains(.cannotPublish(content)))
    }

    /// The source of the publisher lacks a part of the file. Its copy could be wrong there, and so
    /// could that of another rank.
    @Test(arguments: [[1], [0, 3], nil], [Rank(0), Rank(1)])
    func aFragmentInPlaceIsProvenByNoCopy(share: [Int]?, rank: Rank) throws {
        try scratch.folder("out")
        _ = try scratch.shell("cp -a s out/s")
        let (storage, content) = try opened(
            reading: share, into: "out", as: rank, isFragment: true)
        var opened: OpenedContent?
        for case .opened(_, let found) in storage.answers.take() { opened = found }
        let isRead = (0..<4).map { share?.contains($0) == true }
        let isHeld = rank == .first ? isRead : [true, true, true, true]
        #expect((0..<4).map { opened?.held.contains(PieceIndex($0)) } == isHeld)
        let isUnproven = isRead.map { rank != .first && !$0 }
        #expect((0..<4).map { opened?.unproven.contains(PieceIndex($0)) } == isUnproven)
        // The piece comes, and is what lies in place.
        guard rank == .first else { return }
        let tree = try #require(storage.tree(of: content))
        for piece in 0..<4 where !isRead[piece] {
            let bytes = [UInt8](repeating: 7, count: piece == 3 ? 500 : 1000)
            let buffer = unsafe PieceBuffer(copying: bytes.span.bytes)
            let digest = tree.digest(of: buffer)
            #expect(try tree.keep(buffer, as: PieceIndex(piece), digest: digest))
        }
        while try tree.digestNext(in: 0..<4) {}
        #expect(tree.hasWholeTable)
        #expect(try tree.finish(holdsLock: false))
    }

    /// What a part of a tree lacks comes with the tree, so the rank has not failed.
    @Test func aPartThatFailsIsNoTroubleOfTheRank() throws {
        let (storage, content) = try opened(
            reading: nil, into: "out", early: .part(copy: nil))
        #expect(try #require(storage.tree(of: content)).part != nil)
        _ = storage.answers.take()
        let error = StorageError.system(call: "pwrite", path: "f", errno: ENOSPC)
        storage.fail(content, error)
        #expect(storage.answers.take().contains(.failed(content, error.failure)))
        #expect(!storage.hasSpoiltCopy)
        storage.fail(content, error)
        let hasTrouble = storage.answers.take().contains {
            if case .troubled = $0 { true } else { false }
        }
        #expect(!hasTrouble)
    }

    /// A copy of which a file is in the way is not complete, so all that it has stays, and no
    /// command runs on it.
    @Test func aCopyThatFailedIsNeitherMirroredNorUsed() throws {
        try scratch.folder("out")
        try scratch.folder("out/s")
        try scratch.put("another", "out/s/f")
        try scratch.put("only here", "out/s/old")
        let runs = Mutex(0)
        let (storage, content) = try opened(
            reading: [0, 1, 2, 3], into: "out", removes: true, then: { runs.withLock { $0 += 1 } })
        let tree = try #require(storage.tree(of: content))
        #expect(tree.part == nil)
        storage.conclude(content, WantNumber(0), tree.manifest, tree)
        #expect(try scratch.shell("ls out/s") == "f\nold\n")
        #expect(runs.withLock { $0 } == 0)
    }

    /// No other job may begin to write there while entries are removed.
    @Test func aMirroredCopyIsLockedUntilItsEnd() throws {
        try scratch.folder("out")
        try scratch.folder("out/s")
        try scratch.put("only here", "out/s/old")
        let name = ".s.mpiswarm-part"
        let isBusy = Mutex<Bool?>(nil)
        let place = scratch.path("out")
        let isLocked: @Sendable () -> Bool = {
            do throws(PartError) {
                _ = try PartFolder.enter(in: place, name: name)
                return false
            } catch { return true }
        }
        let (storage, content) = try opened(
            reading: [0, 1, 2, 3], into: "out", removes: true,
            lookingAt: { isBusy.withLock { $0 = isLocked() } })
        let tree = try #require(storage.tree(of: content))
        while case .copied = try tree.copyNext() { continue }
        #expect(try tree.finish(holdsLock: storage.holdsLocks))
        storage.conclude(content, WantNumber(0), tree.manifest, tree)
        #expect(isBusy.withLock { $0 } == true)
        #expect(try scratch.shell("ls -A out out/s") == "out:\ns\n\nout/s:\nf\n")
    }

    /// A job that ends between the names and the removal leaves nothing beside its copy.
    @Test func aLockedCopyIsReleasedWhenTheJobEnds() throws {
        let (storage, content) = try opened(reading: [0, 1, 2, 3], into: "out", removes: true)
        let tree = try #require(storage.tree(of: content))
        while case .copied = try tree.copyNext() { continue }
        #expect(try tree.finish(holdsLock: storage.holdsLocks))
        #expect(try scratch.shell("ls -A out") == ".s.mpiswarm-part\ns\n")
        storage.abandon()
        #expect(try scratch.shell("ls -A out") == "s\n")
    }
}
