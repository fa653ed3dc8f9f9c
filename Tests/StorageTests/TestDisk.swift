import Vocabulary

@testable import Storage

/// What a peer holds, with one disk worker.
final class TestDisk {
    let contents = PeerContents(crew: DiskWorkers()) { "\($0)" }
    private let worker: TestThread

    init() throws { worker = try TestThread { [crew = contents.crew] in crew.work() } }

    deinit {
        contents.crew.close()
        do { try worker.join() } catch { fatalError("\(error)") }
    }

    /// Waits until all requested work is done.
    func settle() {
        let bell = Bell()
        contents.crew.submit(.whenIdle) { bell.ring() }
        bell.wait()
    }

    /// The answers, once all requested work is done.
    func answers(of store: inout LabelStore) -> [StoreEvent] {
        settle()
        var events: [StoreEvent] = []
        while let event = store.next() { events.append(event) }
        return events
    }

    /// Nil if the piece cannot be had.
    func read(_ position: Int, of content: ContentID) -> PieceBuffer? {
        var reader = ContentsReader(contents)
        reader.read(PieceIndex(position), of: content, ticket: ReadTicket(1))
        settle()
        guard reader.next()?.isGood == true else { return nil }
        return reader.payload(of: ReadTicket(1))
    }
}
