import Synchronization

/// The state in which this job left each file that it writes. A file in another state was altered
/// by another process, and its bytes are trusted only after they were digested again.
///
/// Invariant: a file that was altered stays so until it is trusted or forgotten.
final class StampTable: Sendable {
    private struct Table {
        /// Zero where nothing is known.
        var stamps: [UInt64]
        var altered: Set<Int> = []
    }

    private let table: Mutex<Table>

    init(entryCount: Int) {
        table = Mutex(Table(stamps: [UInt64](repeating: 0, count: entryCount)))
    }

    /// The stamp of a file; nil if the file is unknown or was altered.
    func stamp(of entry: Int) -> FileStamp? {
        table.withLock { table in
            table.altered.contains(entry) ? nil : FileStamp(raw: table.stamps[entry])
        }
    }

    /// Compares a file with its known stamp.
    func check(_ entry: Int, _ stamp: FileStamp) {
        table.withLock { table in
            let known = table.stamps[entry]
            if known != 0, known != stamp.raw { table.altered.insert(entry) }
        }
    }

    /// Notes the stamp of a file that this job has just changed.
    func left(_ entry: Int, as stamp: FileStamp) {
        table.withLock { $0.stamps[entry] = stamp.raw }
    }

    /// Notes the stamp of a file whose bytes are known to be right, or are about to be digested.
    func trust(_ entry: Int, as stamp: FileStamp) {
        table.withLock { table in
            table.stamps[entry] = stamp.raw
            table.altered.remove(entry)
        }
    }

    func distrust(_ entry: Int) { table.withLock { _ = $0.altered.insert(entry) } }

    /// Forgets a file that does not exist.
    func forget(_ entry: Int) {
        table.withLock { table in
            table.stamps[entry] = 0
            table.altered.remove(entry)
        }
    }

    func isAsLeft(_ entry: Int, _ stamp: FileStamp) -> Bool { self.stamp(of: entry) == stamp }

    func isKnown(_ entry: Int) -> Bool { table.withLock { $0.stamps[entry] != 0 } }
}
