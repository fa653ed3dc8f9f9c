/// Rows that are accessed by an index type of their own.
struct Table<Index: TableIndex, Row: Sendable>: RandomAccessCollection, Sendable {
    private var rows: [Row]

    init(_ rows: [Row] = []) { self.rows = rows }

    var startIndex: Index { Index(0) }
    var endIndex: Index { Index(rows.count) }
    var count: Int { rows.count }

    subscript(index: Index) -> Row {
        _read { yield rows[index.position] }
        _modify { yield &rows[index.position] }
    }

    func makeIterator() -> IndexingIterator<[Row]> { rows.makeIterator() }

    mutating func append(_ row: Row) { rows.append(row) }

    @discardableResult
    mutating func remove(at index: Index) -> Row { rows.remove(at: index.position) }

    mutating func removeAll(where isGone: (Row) -> Bool) { rows.removeAll(where: isGone) }
}
