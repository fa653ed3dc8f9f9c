import Synchronization
package import Vocabulary

/// A queue of notes from one thread to another of the same rank. The threads share nothing but
/// mailboxes.
package final class Mailbox<Note: Sendable>: Sendable {
    private let notes = Mutex<[Note]>([])
    /// Saves the lock when the mailbox is empty, which is the usual case.
    private let isFilled = Atomic(false)
    /// The mailbox contains an urgent note, or many notes.
    private let isCalling = Atomic(false)

    private static var newsMax: Int { 64 }

    /// The bell of the reader, where it rests.
    private let bell: (any ReaderBell)?

    package init(ringing bell: (any ReaderBell)? = nil) { self.bell = bell }

    package func put(_ note: Note) {
        notes.withLock {
            $0.append(note)
            isFilled.store(true, ordering: .releasing)
            isCalling.store(true, ordering: .relaxed)
        }
        bell?.ring()
    }

    /// Notes that are not urgent need not be read at once, but are read before any that follow.
    package func put(_ more: [Note], isUrgent: Bool) {
        let isCalling = notes.withLock {
            $0.append(contentsOf: more)
            isFilled.store(true, ordering: .releasing)
            let isCalling = isUrgent || $0.count >= Self.newsMax
            if isCalling { self.isCalling.store(true, ordering: .relaxed) }
            return isCalling
        }
        if isCalling { bell?.ring() }
    }

    package var isEmpty: Bool { !isFilled.load(ordering: .acquiring) }

    /// Whether it must be read now. A thread that polls reads all notes.
    package var hasToBeRead: Bool { isCalling.load(ordering: .relaxed) }

    /// Empties the mailbox into `batch`, which must be empty and lends its capacity. Returns false
    /// if there were no notes.
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
