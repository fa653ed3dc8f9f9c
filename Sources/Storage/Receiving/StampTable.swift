import Synchronization

/// The state in which this job left each file that it writes: a file in another state was altered
/// by another process, and its bytes are not believed before they are digested again.
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

    /// Nil for a file of which nothing is known, and for one that was altered.
    func stamp(of entry: Int) -> FileStamp? {
        table.withLock { table in
            table.altered.contains(entry) ? nil : FileStamp(raw: table.stamps[entry])
        }
    }

    /// A program may look at a file before it changes it.
    func check(_ entry: Int, _ stamp: FileStamp) {
        table.withLock { table in
            let known = table.stamps[entry]
            if known != 0, known != stamp.raw { table.altered.insert(entry) }
        }
    }

    /// This job has changed it, and left it like this.
    func left(_ entry: Int, as stamp: FileStamp) {
        table.withLock { $0.stamps[entry] = stamp.raw }
    }

    /// All of its bytes are known to be right, or are about to be looked at.
    func trust(_ entry: Int, as stamp: FileStamp) {
        table.withLock { table in
            table.stamps[entry] = stamp.raw
            table.altered.remove(entry)
        }
    }

    func distrust(_ entry: Int) { table.withLock { _ = $0.altered.insert(entry) } }

    /// It is not there.
    func forget(_ entry: Int) {
        table.withLock { table in
            table.stamps[entry] = 0
            table.altered.remove(entry)
        }
    }

    func isAsLeft(_ entry: Int, _ stamp: FileStamp) -> Bool { self.stamp(of: entry) == stamp }

    func isKnown(_ entry: Int) -> Bool { table.withLock { $0.stamps[entry] != 0 } }
}
