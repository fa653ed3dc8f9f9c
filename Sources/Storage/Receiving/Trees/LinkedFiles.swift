import Synchronization

/// The growing files that are other names of files elsewhere, and must not be written to.
final class LinkedFiles: Sendable {
    private let entries = Mutex<Set<Int>>([])

    func contains(_ entry: Int) -> Bool { entries.withLock { $0.contains(entry) } }

    func insert(_ entry: Int) { entries.withLock { _ = $0.insert(entry) } }

    func remove(_ entry: Int) { entries.withLock { _ = $0.remove(entry) } }

    /// Calls `part` once for a file that is linked, and others wait for it.
    func part(
        _ entry: Int, by part: () throws(StorageError) -> Void
    ) throws(StorageError) {
        try entries.withLock { entries throws(StorageError) in
            guard entries.contains(entry) else { return }
            try part()
            entries.remove(entry)
        }
    }
}
