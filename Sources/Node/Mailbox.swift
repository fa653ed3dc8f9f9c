import Synchronization

/// What one thread tells another of the same rank, in order. Nothing else is shared between them.
package final class Mailbox<Note: Sendable>: Sendable {
    private let notes = Mutex<[Note]>([])
    /// So that looking into an empty box, which is nearly always, takes no lock.
    private let isFilled = Atomic(false)

    package init() {}

    package func put(_ note: Note) {
        notes.withLock {
            $0.append(note)
            isFilled.store(true, ordering: .releasing)
        }
    }

    package var isEmpty: Bool { !isFilled.load(ordering: .acquiring) }

    /// Empties the box into `batch`, which must be empty and lends its capacity.
    package func empty(into batch: inout [Note]) {
        guard !isEmpty else { return }
        notes.withLock {
            swap(&$0, &batch)
            isFilled.store(false, ordering: .releasing)
        }
    }
}
