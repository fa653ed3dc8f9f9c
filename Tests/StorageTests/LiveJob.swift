import Vocabulary

@testable import Storage

/// The storage of one job whose users fetch files, with one disk worker.
final class LiveJob {
    let destinations = Destinations()
    let storage: LiveStorage
    var store: LiveStore
    private let disk: TestDisk

    /// `room` returns the free space at a path, and its device. `bell` rings for every answer.
    init(
        in output: String, bell: (any ReaderBell)? = nil,
        room: @escaping @Sendable (String) -> DiskRoom = { _ in
            DiskRoom(device: 1, available: .max / 2)
        }
    ) throws {
        disk = try TestDisk()
        storage = try LiveStorage(
            disk.contents, output: output, naming: .content(Rank(3)), destinations: destinations,
            bell: bell, room: room)
        store = LiveStore(storage)
    }

    var files: FileContents { storage.files }

    /// The answers, once all requested work is done.
    func answers() -> [StoreEvent] {
        disk.settle()
        var events: [StoreEvent] = []
        while let event = store.next() { events.append(event) }
        return events
    }
}
