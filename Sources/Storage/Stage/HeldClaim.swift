import Synchronization

/// A claim that several threads may let go of.
package final class HeldClaim: Sendable {
    private final class Claim: Sendable {
        private let claim: DestinationClaim

        init(_ claim: consuming DestinationClaim) { self.claim = claim }
    }

    private let held = Mutex<Claim?>(nil)

    package init() {}

    /// False where another job has it.
    package func take(_ place: DestinationPlace) throws(StorageError) -> Bool {
        guard let taken = try DestinationClaim.take(place) else { return false }
        let claim = Claim(taken)
        held.withLock { $0 = claim }
        return true
    }

    package func release() { held.withLock { $0 = nil } }
}
