import Synchronization

/// One lock for each of many files, or nearly: a few files share one.
final class EntryLocks: Sendable {
    private final class Stripe: Sendable { let lock = Mutex<Void>(()) }

    private static let stripeCount = 64
    private let stripes = (0..<stripeCount).map { _ in Stripe() }

    func withLock<Outcome: Sendable>(
        _ entry: Int, _ body: () throws(StorageError) -> sending Outcome
    ) throws(StorageError) -> Outcome {
        try stripes[entry % Self.stripeCount].lock.withLock { _ throws(StorageError) in
            try body()
        }
    }
}
