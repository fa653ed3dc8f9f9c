import Content
import FoundationEssentials
import Glibc
import Testing
import Vocabulary

@testable import Storage

/// The files that a rank fetches for its users.
@Suite struct LiveStoreTests {
    private let scratch: Scratch
    private let sample: LiveSample
    private let want = WantNumber(0)

    init() throws {
        scratch = try Scratch()
        sample = try LiveSample()
    }

    private func job() throws -> LiveJob { try LiveJob(in: scratch.path) }

    private func bytes(_ name: String) throws -> [UInt8] {
        try [UInt8](Data(contentsOf: URL(filePath: scratch.path(name))))
    }

    /// An earlier job that brought two pieces.
    private func begin() throws {
        let job = try job()
        sample.open(in: job)
        _ = job.answers()
        sample.keep([1, 3], in: job)
        #expect(job.answers().count == 2)
    }

    private func heldByAnotherJob() throws -> [Int]? {
        let job = try job()
        sample.open(in: job)
        return sample.held(in: job.answers())
    }

    @Test func aFileGrowsAndGetsItsName() throws {
        let job = try job()
        job.destinations.expect(7, at: nil)
        job.store.perform(.aim(want, of: sample.content, at: OrderTicket(7)))
        sample.open(in: job)
        #expect(sample.held(in: job.answers()) == [])
        sample.keep(0..<5, in: job)
        #expect(job.answers() == (0..<5).map { .kept(PieceIndex($0), of: sample.content) })
        #expect(try scratch.names() == [sample.partName, sample.stateName].sorted())
        job.store.perform(.finish(sample.content, want))
        #expect(job.answers() == [.finished(sample.content, want)])
        #expect(try scratch.names() == ["x"])
        #expect(try bytes("x") == sample.bytes)
        let name = sample.publication.manifest.name
        #expect(job.destinations.outcome(of: 7) == .lies(at: scratch.path("x"), name: name))
    }

    /// The name in the manifest is another than the requested one.
    @Test(arguments: [nil, "sub/"])
    func aFileGetsTheNameOfItsOrder(path: String?) throws {
        let job = try job()
        let name = try RelativePath("d/y")
        job.destinations.expect(7, at: path.map { scratch.path($0) }, named: name)
        job.store.perform(.aim(want, of: sample.content, at: OrderTicket(7)))
        sample.open(in: job)
        #expect(sample.held(in: job.answers()) == [])
        sample.keep(0..<5, in: job)
        _ = job.answers()
        job.store.perform(.finish(sample.content, want))
        #expect(job.answers().last == .finished(sample.content, want))
        let place = path == nil ? "d/y" : "sub/y"
        #expect(try bytes(place) == sample.bytes)
        #expect(job.destinations.outcome(of: 7) == .lies(at: scratch.path(place), name: name))
    }

    @Test func aFileThatDiffersFromItsDescriptionGetsNoName() throws {
        let job = try job()
        try scratch.put("older", "x")
        job.destinations.expect(7, at: nil) { _ in false }
        job.store.perform(.aim(want, of: sample.content, at: OrderTicket(7)))
        sample.open(in: job)
        _ = job.answers()
        sample.keep(0..<5, in: job)
        job.store.perform(.finish(sample.content, want))
        #expect(
            job.answers().last
                == .unfinished(sample.content, want, .failing(errno: ESTALE)))
        #expect(try scratch.text("x") == "older")
        let error = StorageError.notAsDescribed(path: "x")
        #expect(job.destinations.outcome(of: 7) == .differs("\(error)"))
        // No part of it stays, and the others learn that this rank no longer has it.
        #expect(try scratch.names() == ["x"])
        #expect(job.files.vanished() == [sample.content])
    }

    @Test func badBytesAreNotWritten() throws {
        let job = try job()
        sample.open(in: job)
        _ = job.answers()
        // New memory may hold what another test has freed.
        let wrong = [UInt8](repeating: 0, count: LiveSample.pieceLength)
        let buffer = unsafe PieceBuffer(copying: wrong.span.bytes)
        job.store.keep(buffer, as: PieceIndex(0), of: sample.content, digest: nil)
        #expect(job.answers() == [.bad(PieceIndex(0), of: sample.content)])
    }

    @Test func aLaterJobContinues() throws {
        try begin()
        #expect(try heldByAnotherJob() == [1, 3])
    }

    @Test func aFileChangedSinceThenIsNotTrusted() throws {
        try begin()
        let path = scratch.path(sample.partName)
        let file = try OpenFile(opening: path, flags: O_WRONLY)
        try unsafe file.write(
            [UInt8](repeating: 1, count: 9).span.bytes, at: Int64(LiveSample.pieceLength),
            path: path)
        // The clock of a file system ticks a few hundred times a second.
        var status = stat()
        unsafe stat(path, &status)
        status.st_mtim.tv_sec += 1
        let raw = file.raw
        unsafe futimens(raw, [status.st_mtim, status.st_mtim])
        #expect(try heldByAnotherJob() == [3])
        #expect(try heldByAnotherJob() == [3])
    }

    @Test func aReplacedFileIsNotTrusted() throws {
        try begin()
        var other = sample.bytes
        other[0] ^= 1
        try scratch.put(other, "other")
        unsafe rename(scratch.path("other"), scratch.path(sample.partName))
        #expect(try heldByAnotherJob() == [1, 2, 3, 4])
    }

    @Test(arguments: ["missing", "torn", "foreign", "old"])
    func withoutAGoodStateFileTheDigestsDecide(_ flaw: String) throws {
        try begin()
        var state = try bytes(sample.stateName)
        #expect(state.count == 4 * PartRecord.byteCount)
        switch flaw {
        case "missing": unsafe unlink(scratch.path(sample.stateName))
        case "torn": state.removeLast(50)
        case "foreign": state = Array("something else".utf8)
        // It names another start of the machine, and pieces that never reached the disk.
        default:
            state.replaceSubrange(
                PartRecord.byteCount..<2 * PartRecord.byteCount,
                with: try PartRecord(ofBoot: PartRecord.boot()).encoded)
            state += PartRecord(piece: PieceIndex(4), digest: LiveRemains.mark).encoded
        }
        if flaw != "missing" { try scratch.put(state, sample.stateName) }
        #expect(try heldByAnotherJob() == [1, 3])
        #expect(try heldByAnotherJob() == [1, 3])
    }

    @Test func aShortPartIsMadeWhole() throws {
        try begin()
        unsafe truncate(scratch.path(sample.partName), off_t(2 * LiveSample.pieceLength))
        #expect(try heldByAnotherJob() == [1])
    }

    /// The abandoned part takes neither the name nor the pieces of the next one.
    @Test func anAbandonedContentMayBeFetchedAgain() throws {
        let job = try job()
        sample.open(in: job)
        _ = job.answers()
        sample.keep([0], in: job)
        job.store.perform(.forsake(sample.content))
        sample.open(in: job)
        #expect(sample.held(in: job.answers()) == [])
        #expect(try heldByAnotherJob() == [])
    }

    @Test func aCopyThatWasNotFinishedGetsNoName() throws {
        let job = try job()
        job.destinations.expect(7, at: nil)
        job.store.perform(.aim(want, of: sample.content, at: OrderTicket(7)))
        sample.open(in: job)
        _ = job.answers()
        sample.keep(0..<5, in: job)
        job.store.perform(.finish(sample.content, want))
        _ = job.answers()
        job.destinations.expect(8, at: scratch.path("copy"))
        job.store.perform(.aim(WantNumber(1), of: sample.content, at: OrderTicket(8)))
        job.storage.leave()
        job.store.perform(.finish(sample.content, WantNumber(1)))
        _ = job.answers()
        #expect(try scratch.names() == ["x"])
    }

    /// The file came into the shared folder in another way.
    @Test func anAbandonedContentStaysWithItsOwner() throws {
        let job = try job()
        sample.open(in: job)
        _ = job.answers()
        try scratch.put(sample.bytes, "x")
        let path = try RelativePath("x")
        job.files.add(
            try ByteSource(
                path, at: path, in: InputFolder(path: scratch.path),
                cutAs: sample.publication.geometry))
        job.store.perform(.forsake(sample.content))
        _ = job.answers()
        #expect(job.files.source(of: sample.content) != nil)
    }

    /// A pipe is not replaced, and nor would be a device that the machine needs.
    @Test func onlyFilesAreReplacedByACopy() throws {
        let job = try job()
        unsafe mkfifo(scratch.path("pipe"), 0o600)
        job.destinations.expect(7, at: scratch.path("pipe"))
        job.store.perform(.aim(want, of: sample.content, at: OrderTicket(7)))
        sample.open(in: job)
        _ = job.answers()
        sample.keep(0..<5, in: job)
        job.store.perform(.finish(sample.content, want))
        guard case .unfinished = job.answers().last else {
            Issue.record("it took the place of a pipe")
            return
        }
        let error = StorageError.notAFile(path: scratch.path("pipe"))
        #expect(job.destinations.outcome(of: 7) == .trouble("\(error)"))
    }

    @Test func aRemovedOutputFolderIsMadeAgain() throws {
        let job = try LiveJob(in: scratch.path("out"))
        unsafe rmdir(scratch.path("out"))
        job.destinations.expect(7, at: nil)
        job.store.perform(.aim(want, of: sample.content, at: OrderTicket(7)))
        sample.open(in: job)
        _ = job.answers()
        sample.keep(0..<5, in: job)
        job.store.perform(.finish(sample.content, want))
        #expect(job.answers().last == .finished(sample.content, want))
        #expect(try scratch.names("out") == ["x"])
    }
}
