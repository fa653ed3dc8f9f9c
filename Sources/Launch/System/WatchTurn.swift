import Synchronization

/// A turn that one thread at a time can take. No thread waits for it.
package final class WatchTurn: Sendable {
    private let isTaken = Atomic(false)

    package init() {}

    package func take() -> Bool { !isTaken.exchange(true, ordering: .acquiring) }

    package func giveBack() { isTaken.store(false, ordering: .releasing) }
}
