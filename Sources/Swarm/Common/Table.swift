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

    /// As the subscript, for the hot path: an accessor that is not inlined asks the heap for its
    /// frame, and a closure does not.
    mutating func change<Outcome>(
        _ index: Index, _ body: (inout Row) -> Outcome
    ) -> Outcome { body(&rows[index.position]) }

    func makeIterator() -> IndexingIterator<[Row]> { rows.makeIterator() }

    mutating func append(_ row: Row) { rows.append(row) }

    @discardableResult
    mutating func remove(at index: Index) -> Row { rows.remove(at: index.position) }

    mutating func removeAll(where isGone: (Row) -> Bool) { rows.removeAll(where: isGone) }
}
