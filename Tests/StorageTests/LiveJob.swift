import Vocabulary

@testable import Storage

/// The storage of one job whose users fetch files, with one disk worker.
final class LiveJob {
    let destinations = Destinations()
    let files = FileContents { "\($0)" }
    let storage: ServeStorage
    var store: LiveStore
    private let crew = DiskWorkers()
    private let worker: TestThread

    /// `room` returns the free space at a path, and its device. `bell` rings for every answer.
    init(
        in output: String, bell: (any ReaderBell)? = nil,
        room: @escaping @Sendable (String) -> DiskRoom = { _ in
            DiskRoom(device: 1, available: .max / 2)
        }
    ) throws {
        storage = try ServeStorage(
            output: output, rank: Rank(3), crew: crew, memory: MemoryContents(), files: files,
            destinations: destinations, bell: bell, room: room)
        store = LiveStore(storage)
        worker = try TestThread { [crew] in crew.work() }
    }

    deinit {
        crew.close()
        do { try worker.join() } catch { fatalError("\(error)") }
    }

    /// The answers, once all requested work is done.
    func answers() -> [StoreEvent] {
        let bell = Bell()
        crew.submit(.whenIdle) { bell.ring() }
        bell.wait()
        var events: [StoreEvent] = []
        while let event = store.next() { events.append(event) }
        return events
    }
}
