import Synchronization
import Vocabulary

/// Locks that let one thread at a time read a piece: a second thread then finds it in memory.
final class PieceLocks: Sendable {
    private final class Lock: Sendable { let mutex = Mutex(()) }

    /// Far more than there are threads, so that different pieces rarely share a lock.
    private let locks = (0..<64).map { _ in Lock() }

    func withLock<Result: Sendable, Failure>(
        _ piece: PieceIndex, _ body: () throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try locks[Int(piece.raw) % locks.count].mutex.withLock { _ throws(Failure) in try body() }
    }
}
