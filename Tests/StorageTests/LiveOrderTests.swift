import Content
import FoundationEssentials
import Glibc
import Synchronization
import Testing
import Vocabulary

@testable import Storage

/// Orders that end while a disk worker is busy with them, and contents that change meanwhile.
@Suite struct LiveOrderTests {
    private let scratch: Scratch
    private let sample: LiveSample
    private let want = WantNumber(0)

    init() throws {
        scratch = try Scratch()
        sample = try LiveSample()
    }

    /// The download thread gives the number of a finished order to the next one, perhaps before the
    /// disk worker does anything more.
    @Test func theNumberOfAFinishedOrderIsFree() throws {
        let next = try LiveSample("y", seed: 2)
        let bell = OnceBell()
        let job = try LiveJob(in: scratch.path, bell: bell)
        job.destinations.expect(7, at: nil)
        job.destinations.expect(8, at: scratch.path("z"))
        job.store.perform(.aim(want, of: sample.content, at: OrderTicket(7)))
        for sample in [sample, next] {
            sample.open(in: job)
            _ = job.answers()
            sample.keep(0..<5, in: job)
            _ = job.answers()
            bell.next.withLock { [storage = job.storage, want] in
                $0 = { storage.aim(want, of: next.content, at: 8) }
            }
            job.store.perform(.finish(sample.content, want))
            #expect(job.answers() == [.finished(sample.content, want)])
        }
        #expect(try scratch.names() == ["x", "z"])
    }

    /// The user left while other work kept the disk workers busy.
    @Test func anOrderThatWasGivenUpGetsNoFile() throws {
        let job = try LiveJob(in: scratch.path)
        try scratch.put("older", "x")
        job.destinations.expect(7, at: scratch.path("y"))
        job.store.perform(.aim(want, of: sample.content, at: OrderTicket(7)))
        sample.open(in: job)
        _ = job.answers()
        sample.keep(0..<5, in: job)
        _ = job.answers()
        let mayGoOn = Bell()
        job.storage.crew.submit(.read) { mayGoOn.wait() }
        job.store.perform(.finish(sample.content, want))
        job.store.perform(.release(want))
        mayGoOn.ring()
        #expect(
            job.answers() == [.unfinished(sample.content, want, .failing(errno: ECANCELED))])
        #expect(try scratch.text("x") == "older")
        #expect(try !scratch.names().contains("y"))
    }

    /// A user shares the same bytes while they are being fetched.
    @Test func aContentThatIsSharedMeanwhileNeedsNoMorePieces() throws {
        let job = try LiveJob(in: scratch.path("out"))
        try scratch.put(sample.bytes, "x")
        job.destinations.expect(7, at: scratch.path("copy"))
        job.store.perform(.aim(want, of: sample.content, at: OrderTicket(7)))
        sample.open(in: job)
        _ = job.answers()
        sample.keep(0..<2, in: job)
        _ = job.answers()
        let path = try RelativePath("x")
        job.files.add(
            try ByteSource(
                path, at: path, in: InputFolder(path: scratch.path),
                cutAs: sample.publication.geometry))
        sample.keep(2..<5, in: job)
        #expect(job.answers() == (2..<5).map { .kept(PieceIndex($0), of: sample.content) })
        job.store.perform(.finish(sample.content, want))
        #expect(job.answers() == [.finished(sample.content, want)])
        #expect(try [UInt8](Data(contentsOf: URL(filePath: scratch.path("copy")))) == sample.bytes)
        #expect(try scratch.names("out") == [])
    }

    /// A user removed a fetched file and wants it again, while another thread looks for files that
    /// are gone.
    @Test func aContentThatIsFetchedAgainIsNotDropped() throws {
        let job = try LiveJob(in: scratch.path)
        sample.open(in: job)
        _ = job.answers()
        let old = try #require(job.files.livePart(of: sample.content))
        old.remove()
        sample.open(in: job)
        _ = job.answers()
        #expect(job.files.drop([(sample.content, old)]) == [])
        #expect(job.files.livePart(of: sample.content) != nil)
    }
}

/// Does something once, when it rings next.
private final class OnceBell: ReaderBell {
    let next = Mutex<(@Sendable () -> Void)?>(nil)

    func ring() { next.withLock { $0.take() }?() }
}
