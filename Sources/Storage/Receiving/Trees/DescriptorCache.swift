import Synchronization

/// Keeps files open that many pieces are written to, for all workers. A worker that uses a file
/// during its eviction keeps it open until it is done.
final class DescriptorCache: Sendable {
    struct Key: Equatable {
        let entry: Int
        let side: TreeSide
        let isWritten: Bool
    }

    private struct Row {
        let key: Key
        let file: PartFile
        var lastUse: UInt64
    }

    private struct Table {
        var rows: [Row] = []
        var uses: UInt64 = 0
    }

    private let table = Mutex(Table())
    private let openMax: Int

    static let openMax = 64
    /// Many parts of a tree grow at the same time.
    static let partOpenMax = 8

    init(openMax: Int = openMax) { self.openMax = openMax }

    /// Two workers may open the same file at once; the later one gets the file of the other.
    func file(
        _ key: Key, orOpen open: () throws(StorageError) -> PartFile
    ) throws(StorageError) -> PartFile {
        if let found = table.withLock({ Self.find(key, in: &$0) }) { return found }
        let file = try open()
        let (chosen, loser) = table.withLock { table -> (PartFile, PartFile?) in
            if let found = Self.find(key, in: &table) { return (found, nil) }
            let loser = table.rows.count < openMax ? nil : Self.evict(from: &table)
            table.rows.append(Row(key: key, file: file, lastUse: table.uses))
            return (file, loser)
        }
        try loser?.hearErrors()
        return chosen
    }

    /// Closes the files of an entry, of which none may be open for writing.
    func close(_ entry: Int) {
        let closed = table.withLock { table in
            defer { table.rows.removeAll { $0.key.entry == entry } }
            return table.rows.filter { $0.key.entry == entry }
        }
        precondition(!closed.contains(where: \.key.isWritten), "a shared file is not written")
    }

    /// Closes all files, and throws the error of one that was written, if there is any.
    func close() throws(StorageError) {
        let rows = table.withLock { table in
            defer { table.rows.removeAll() }
            return table.rows
        }
        for row in rows where row.key.isWritten { try row.file.hearErrors() }
    }

    private static func find(_ key: Key, in table: inout Table) -> PartFile? {
        guard let index = table.rows.firstIndex(where: { $0.key == key }) else { return nil }
        table.uses += 1
        table.rows[index].lastUse = table.uses
        return table.rows[index].file
    }

    /// Evicts the file that was unused for longest, and returns it if it was written to.
    private static func evict(from table: inout Table) -> PartFile? {
        let oldest = table.rows.indices.min { table.rows[$0].lastUse < table.rows[$1].lastUse }
        guard let oldest else { return nil }
        let row = table.rows.remove(at: oldest)
        return row.key.isWritten ? row.file : nil
    }
}
