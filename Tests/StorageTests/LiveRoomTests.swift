import Content
import Synchronization
import Testing
import Vocabulary

@testable import Storage

/// Room for the files that users fetch.
@Suite struct LiveRoomTests {
    private let scratch: Scratch
    private let one: LiveSample
    private let two: LiveSample

    init() throws {
        scratch = try Scratch()
        one = try LiveSample("one", seed: 1)
        two = try LiveSample("two", seed: 3)
    }

    private func ask(
        _ sample: LiveSample, _ number: UInt32, to path: String? = nil, in job: LiveJob
    ) -> [StoreEvent] {
        job.destinations.expect(UInt64(number), at: path)
        job.store.perform(
            .aim(WantNumber(number), of: sample.content, at: OrderTicket(UInt64(number))))
        sample.open(in: job)
        return job.answers()
    }

    private func trouble(
        _ path: String, needed: Int64, others: Int64, available: Int64
    ) -> Destinations.Outcome {
        let error = StorageError.noRoom(
            path: path, needed: needed, others: others, available: available)
        return .trouble("\(error)")
    }

    @Test func aFileThatDoesNotFitIsRefusedBeforeAByteArrives() throws {
        let free = one.total - 1
        let job = try LiveJob(in: scratch.path) { _ in DiskRoom(device: 1, available: free) }
        #expect(ask(one, 0, in: job) == [.failed(one.content, .noSpace)])
        #expect(
            job.destinations.outcome(of: 0)
                == trouble(scratch.path, needed: one.total, others: 0, available: free))
        #expect(try scratch.names() == [])
    }

    @Test func theNeedsOfAllFetchesAreSummed() throws {
        let room = Room(one.total + two.total - 1)
        let job = try LiveJob(in: scratch.path) { _ in room.now }
        #expect(one.held(in: ask(one, 0, in: job)) == [])
        #expect(ask(two, 1, in: job) == [.failed(two.content, .noSpace)])
        #expect(
            job.destinations.outcome(of: 1)
                == trouble(
                    scratch.path, needed: two.total, others: one.total,
                    available: one.total + two.total - 1))
        job.store.perform(.release(WantNumber(1)))
        // The space of pieces that have come is no longer free, and no longer needed.
        one.keep(0..<5, in: job)
        _ = job.answers()
        room.take(one.total - 1)
        #expect(two.held(in: ask(two, 2, in: job)) == [])
    }

    @Test func anAbandonedFetchNeedsNoRoom() throws {
        let free = one.total + 1
        let job = try LiveJob(in: scratch.path) { _ in DiskRoom(device: 1, available: free) }
        #expect(one.held(in: ask(one, 0, in: job)) == [])
        job.store.perform(.release(WantNumber(0)))
        #expect(two.held(in: ask(two, 1, in: job)) == [])
    }

    /// The disk workers are busy, and the user leaves before they open the file.
    @Test func anOrderThatIsGivenUpAtOnceNeedsNoRoom() throws {
        let free = one.total + 1
        let job = try LiveJob(in: scratch.path) { _ in DiskRoom(device: 1, available: free) }
        let mayGoOn = Bell()
        job.storage.crew.submit(.read) { mayGoOn.wait() }
        job.destinations.expect(0, at: nil)
        job.store.perform(.aim(WantNumber(0), of: one.content, at: OrderTicket(0)))
        one.open(in: job)
        job.store.perform(.release(WantNumber(0)))
        mayGoOn.ring()
        _ = job.answers()
        #expect(two.held(in: ask(two, 1, in: job)) == [])
    }

    @Test func anotherDeviceNeedsRoomForACopy() throws {
        let job = try LiveJob(in: scratch.path) { path in
            path == "/elsewhere/y"
                ? DiskRoom(device: 2, available: 400_000)
                : DiskRoom(device: 1, available: .max / 2)
        }
        #expect(one.held(in: ask(one, 0, to: "/elsewhere/y", in: job)) == [])
        #expect(ask(two, 1, to: "/elsewhere/y", in: job) == [.failed(two.content, .noSpace)])
        #expect(
            job.destinations.outcome(of: 1)
                == trouble(
                    "/elsewhere/y", needed: two.total, others: one.total, available: 400_000))
    }

    @Test func theRoomOfAMissingFolderIsThatOfTheFolderAboveIt() throws {
        let here = try DiskRoom(at: scratch.path)
        #expect(here.available > 0)
        #expect(try DiskRoom(at: scratch.path("a/b/c")).device == here.device)
    }

    /// The free space, as the test sets it.
    private final class Room: Sendable {
        private let free: Mutex<Int64>

        init(_ free: Int64) { self.free = Mutex(free) }

        var now: DiskRoom { free.withLock { DiskRoom(device: 1, available: $0) } }

        func take(_ byteCount: Int64) { free.withLock { $0 -= byteCount } }
    }
}
