import Content
import Glibc
import Synchronization
import Testing
import Vocabulary

@testable import Storage

/// The copy of a rank that also reads the source.
@Suite struct StagedTreeTests {
    private let scratch: Scratch
    private let bytes = (0..<3500).map { UInt8(truncatingIfNeeded: $0 * 7 + ($0 >> 8)) }

    init() throws {
        scratch = try Scratch()
        try scratch.folder("s")
        try scratch.put(bytes, "s/f")
    }

    /// A rank's tree, of which it reads `share` from the source, opened as by a job.
    private func tree(
        share: [Int]? = nil, publishes: Bool = true, standsBy: Bool = false,
        keepsCopy: Bool = true, recentMax: Int = 0, _ options: PartOptions = PartOptions()
    ) throws -> StagedTree {
        let listing = try TreeListing(of: scratch.path("s"), as: RelativePath("s"), follows: false)
        let manifest = try TreeManifest(
            entries: TreeListing.entries(of: [listing]), pieceLength: ByteCount(1000),
            digest: .xxh3, origin: TreeManifest.Origin(publisher: .first, job: 0))
        let site = SourceSite(name: try RelativePath("s"), path: scratch.path("s"))
        let part =
            keepsCopy
            ? try PartArea(
                manifest, fingerprint: manifest.fingerprint, base: scratch.path("out"), options)
            : nil
        var pieces = PieceSet(none: manifest.geometry.pieceCount)
        for piece in share ?? Array(0..<4) { pieces.insert(PieceIndex(piece)) }
        return StagedTree(
            manifest, part: part, source: try TreeSource(manifest, at: [site]),
            share: pieces, publishes: publishes, readsAllAlone: publishes && standsBy,
            recentMax: recentMax, pool: BufferPool(byteCountMax: 1000, keptMax: 4))
    }

    private func copyAll(_ tree: StagedTree) throws {
        while case .copied = try tree.copyNext() {}
    }

    private func stage() throws {
        let tree = try tree()
        try copyAll(tree)
        try tree.part?.finish()
    }

    private func alter(_ name: String, at place: Int64) throws {
        let status = SampleTree().status(scratch.path(name))
        let file = try OpenFile(opening: scratch.path(name), flags: O_WRONLY)
        try unsafe file.write([UInt8(0xEE)].span.bytes, at: place, path: name)
        let times = [status.st_atim, status.st_mtim]
        #expect(unsafe utimensat(AT_FDCWD, scratch.path(name), times, 0) == 0)
    }

    private func said(of piece: Int, by tree: StagedTree) -> PieceDigest? {
        tree.book.withLock { $0[PieceIndex(piece)] }
    }

    private func digest(_ piece: Int) -> PieceDigest {
        SampleTree.digest(Array(bytes[piece * 1000..<min(3500, piece * 1000 + 1000)]))
    }

    /// The publisher's own copy deserves no more trust than another's: the source decides.
    @Test(arguments: [true, false])
    func aWrongCopyOfAReaderIsRepairedFromItsSource(publishes: Bool) throws {
        try stage()
        try alter("out/s/f", at: 1500)
        let tree = try tree(publishes: publishes, PartOptions(verifies: true))
        try copyAll(tree)
        for piece in 0..<4 { #expect(said(of: piece, by: tree) == digest(piece)) }
        try tree.part?.finish()
        #expect(try readWhole(path: scratch.path("out/s/f")) == bytes)
    }

    /// The publisher lacks the piece in its source, and digests its copy while another thread
    /// writes the piece there.
    @Test func aPieceThatIsBeingKeptIsReadFromTheCopy() throws {
        let tree = try tree(share: [])
        try scratch.put(Array(bytes.prefix(1500)), "s/f")
        let piece = Array(bytes[2000..<3000])
        try unsafe tree.part?.write(piece.span.bytes, as: PieceIndex(2), digest: digest(2))
        #expect(try tree.digestNext(in: 0..<4))
        #expect(said(of: 2, by: tree) == digest(2))
    }

    /// One thread may read the piece for the copy while the other reads it for a request.
    @Test func aPieceThatTwoThreadsWantIsReadOnce() async throws {
        for _ in 0..<100 {
            let tree = try tree(keepsCopy: false, recentMax: 4)
            let meeting = Meeting()
            @Sendable func readAll() async throws {
                for piece in 0..<4 {
                    await meeting.meet(at: piece)
                    _ = try tree.read(PieceIndex(piece), copies: false)
                }
            }
            async let first: Void = readAll()
            async let second: Void = readAll()
            _ = try await (first, second)
            #expect(tree.source?.bytesRead == bytes.count)
        }
    }

    /// A peer sent wrong bytes, and then no rank sends the piece any more.
    @Test func aWrongPieceOfAPeerIsReadFromTheSourceLater() throws {
        let tree = try tree(share: [], publishes: false)
        let wrong = [UInt8](repeating: 9, count: 1000)
        let buffer = unsafe PieceBuffer(copying: wrong.span.bytes)
        let isKept = try tree.keep(buffer, as: PieceIndex(0), digest: SampleTree.digest(wrong))
        #expect(isKept)
        #expect(try tree.compare(from: 0, digests: digest(0).bytes) == [PieceIndex(0)])
        tree.readAll(of: try #require(tree.source))
        try copyAll(tree)
        try tree.part?.finish()
        #expect(try readWhole(path: scratch.path("out/s/f")) == bytes)
    }

    /// The publisher is gone, and one rank on the way of a piece lied.
    @Test func aRankThatTakesOverBelievesTheSourceMoreThanItsPeers() throws {
        let tree = try tree(share: [3], publishes: false)
        for piece in 0..<3 {
            let bytes = Array(self.bytes[piece * 1000..<piece * 1000 + 1000])
            let sent = piece == 1 ? [UInt8](repeating: 9, count: 1000) : bytes
            let buffer = unsafe PieceBuffer(copying: sent.span.bytes)
            let isKept = try tree.keep(
                buffer, as: PieceIndex(piece), digest: SampleTree.digest(sent))
            #expect(isKept)
        }
        try copyAll(tree)
        try tree.compareWithSource(try #require(tree.source))
        try copyAll(tree)
        for piece in 0..<4 { #expect(said(of: piece, by: tree) == digest(piece)) }
        try tree.part?.finish()
        #expect(try readWhole(path: scratch.path("out/s/f")) == bytes)
    }

    /// This holds even before the copy was compared.
    @Test func aReaderServesItsSourceAndNotAWrongCopy() throws {
        try stage()
        try alter("out/s/f", at: 1500)
        let tree = try tree(PartOptions(verifies: true))
        #expect(try tree.read(PieceIndex(1)).digest == digest(1))
        #expect(tree.part?.holds(PieceIndex(1)) == true)
        try copyAll(tree)
        try tree.part?.finish()
        #expect(try readWhole(path: scratch.path("out/s/f")) == bytes)
    }

    /// By size and date the copy is right, and no option asks to compare it; but others get the
    /// bytes of the source.
    @Test func aBelievedCopyIsNotWhatIsPublished() throws {
        try stage()
        try alter("out/s/f", at: 1500)
        let tree = try tree(share: [])
        #expect(tree.part?.holds(PieceIndex(1)) == true)
        #expect(try tree.read(PieceIndex(1)).digest == digest(1))
        #expect(try tree.digestNext(in: 2..<3))
        #expect(said(of: 2, by: tree) == digest(2))
        try tree.part?.abandon()
    }

    /// The parts of other readers are compared too, because the publisher's digests decide.
    @Test func aPublisherComparesWhatOthersRead() throws {
        try stage()
        try alter("out/s/f", at: 1500)
        let tree = try tree(share: [0], PartOptions(verifies: true))
        try copyAll(tree)
        #expect(tree.takeTable() != nil)
        #expect(said(of: 1, by: tree) == digest(1))
        try tree.part?.finish()
        #expect(try readWhole(path: scratch.path("out/s/f")) == bytes)
    }

    /// The other readers send it nothing more, and they wait for its table.
    @Test(arguments: [true, false])
    func aPublisherThatLosesItsCopyReadsAllOfTheSource(standsBy: Bool) throws {
        let tree = try tree(share: [1], standsBy: standsBy)
        #expect(try !tree.digestNext(in: 2..<4))
        tree.loseCopy()
        #expect(!tree.copies)
        while try tree.digestNext(in: 0..<4) {}
        let table = tree.table(0..<4)
        #expect((table == nil) == !standsBy)
        if let table { #expect(table == (0..<4).flatMap { digest($0).bytes }) }
        #expect(tree.part?.holds(PieceIndex(1)) == false)
    }

    /// It cannot read the parts of other readers, unless it stands by for them.
    @Test(arguments: [true, false], [true, false])
    func aPublisherOfAPartCannotPublishWithoutItsCopy(isWhole: Bool, standsBy: Bool) throws {
        let tree = try tree(share: [1], standsBy: standsBy)
        for piece in [0, 2, 3] where isWhole {
            let bytes = Array(bytes[piece * 1000..<min(3500, (piece + 1) * 1000)])
            let buffer = unsafe PieceBuffer(copying: bytes.span.bytes)
            let digest = SampleTree.digest(bytes)
            #expect(try tree.keep(buffer, as: PieceIndex(piece), digest: digest))
        }
        if isWhole { try copyAll(tree) }
        #expect(tree.canPublish)
        tree.loseCopy()
        #expect(tree.canPublish == (isWhole || standsBy))
    }

    /// Pieces that it reads for others are not written to a disk that has failed.
    @Test func aPieceIsReadWithoutACopyOnceThatIsLost() throws {
        let tree = try tree(publishes: false)
        tree.loseCopy()
        #expect(try tree.read(PieceIndex(1)).digest == digest(1))
        #expect(tree.part?.holds(PieceIndex(1)) == false)
        guard case .nothingLeft = try tree.copyNext() else {
            Issue.record("something was copied")
            return
        }
    }
}

/// Two tasks that wait for each other at each piece.
private final class Meeting: Sendable {
    private let arrivals = Atomic<Int>(0)

    func meet(at piece: Int) async {
        arrivals.add(1, ordering: .relaxed)
        while arrivals.load(ordering: .relaxed) < 2 * (piece + 1) { await Task.yield() }
    }
}
