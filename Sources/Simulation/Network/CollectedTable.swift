import Swarm
import Vocabulary

/// The contents that a job collects: which of them have their names at the ranks that write them,
/// and which were removed from their sources.
struct CollectedTable {
    struct Row {
        let collected: CollectedContent
        /// The ranks whose source it is.
        let owners: [Rank]
        fileprivate(set) var isNamed = false
        fileprivate(set) var isRemoved = false
    }

    private(set) var rows: [Row] = []

    var isEmpty: Bool { rows.isEmpty }
    var removedCount: Int { rows.count { $0.isRemoved } }

    mutating func add(_ collected: CollectedContent, owners: [Rank]) {
        rows.append(Row(collected: collected, owners: owners))
    }

    /// Returns the ranks whose source now has a copy; none if that rank does not write it.
    mutating func named(_ content: ContentID, by rank: Rank) -> [Rank] {
        guard let place = place(of: content), rows[place].collected.writer == rank else {
            return []
        }
        rows[place].isNamed = true
        return rows[place].owners
    }

    /// Returns the row as it was before.
    mutating func removed(_ content: ContentID) -> Row? {
        guard let place = place(of: content) else { return nil }
        defer { rows[place].isRemoved = true }
        return rows[place]
    }

    private func place(of content: ContentID) -> Int? {
        rows.firstIndex { $0.collected.content == content }
    }
}
