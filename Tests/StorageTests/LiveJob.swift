import Vocabulary

@testable import Storage

/// What one job knows of what its users fetch, with one disk worker.
final class LiveJob {
    let destinations = Destinations()
    let files = FileShelf { "\($0)" }
    let vault: LiveVault
    var store: LiveStore
    private let crew = DiskWorkers()
    private let worker: TestThread

    /// `room` says what is free where a path lies, and on which device.
    init(
        in output: String,
        room: @escaping @Sendable (String) -> DiskRoom = { _ in
            DiskRoom(device: 1, available: .max / 2)
        }
    ) throws {
        vault = try LiveVault(
            output: output, rank: Rank(3), crew: crew, shelf: MemoryShelf(), files: files,
            destinations: destinations, room: room)
        store = LiveStore(vault)
        worker = try TestThread { [crew] in crew.work() }
    }

    deinit {
        crew.close()
        do { try worker.join() } catch { fatalError("\(error)") }
    }

    /// What is said once all that was asked for is done.
    func answers() -> [StoreEvent] {
        let bell = Bell()
        crew.submit(.whenIdle) { bell.ring() }
        bell.wait()
        var events: [StoreEvent] = []
        while let event = store.next() { events.append(event) }
        return events
    }
}
