import Synchronization

/// What one thread tells another of the same rank, in order. Nothing else is shared between them.
package final class Mailbox<Note: Sendable>: Sendable {
    private let notes = Mutex<[Note]>([])
    /// So that looking into an empty box, which is nearly always, takes no lock.
    private let isFilled = Atomic(false)
    /// Something urgent is in it, or too much.
    private let isCalling = Atomic(false)

    private static var newsMax: Int { 64 }

    package init() {}

    package func put(_ note: Note) {
        notes.withLock {
            $0.append(note)
            isFilled.store(true, ordering: .releasing)
            isCalling.store(true, ordering: .relaxed)
        }
    }

    /// What is not urgent need not be read at once, but before whatever comes after it.
    package func put(_ more: [Note], isUrgent: Bool) {
        notes.withLock {
            $0.append(contentsOf: more)
            isFilled.store(true, ordering: .releasing)
            if isUrgent || $0.count >= Self.newsMax { isCalling.store(true, ordering: .relaxed) }
        }
    }

    package var isEmpty: Bool { !isFilled.load(ordering: .acquiring) }

    /// Whether it has to be read now. A thread that polls reads whatever is there.
    package var hasToBeRead: Bool { isCalling.load(ordering: .relaxed) }

    /// Empties the box into `batch`, which must be empty and lends its capacity. False when there
    /// was nothing in it.
    @discardableResult
    package func empty(into batch: inout [Note]) -> Bool {
        guard !isEmpty else { return false }
        notes.withLock {
            swap(&$0, &batch)
            isFilled.store(false, ordering: .releasing)
            isCalling.store(false, ordering: .relaxed)
        }
        return true
    }
}
