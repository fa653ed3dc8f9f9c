internal import Synchronization
internal import Vocabulary

/// The ranks of this job that are known to be dead, for all endpoints of this process. MPI itself
/// never reports a death: a message to a dead rank stays under way for ever, and over sockets Open
/// MPI ends the whole process when a large message to it fails.
enum DeadRanks {
    private static let ranks = Mutex<[Rank]>([])
    /// Whether any rank is dead: if none is, as usual, the check takes no lock.
    private static let areAny = Atomic(false)

    static func note(_ rank: Rank) {
        ranks.withLock { if !$0.contains(rank) { $0.append(rank) } }
        areAny.store(true, ordering: .releasing)
    }

    static func contains(_ rank: Rank) -> Bool {
        areAny.load(ordering: .acquiring) && ranks.withLock { $0.contains(rank) }
    }

    static var all: [Rank] {
        areAny.load(ordering: .acquiring) ? ranks.withLock { $0 } : []
    }
}
