import Content
import Vocabulary

/// Entries that the same views hold. They become one content, because a rank that holds one of its
/// files holds all.
struct Holding: Equatable {
    /// The positions of those views, ascending.
    let views: [Int]
    /// The entries, in tree order.
    private(set) var entries: [TreeEntry]

    /// Each listing is in order and valid. Entries that several views hold under one path must be
    /// the same.
    static func merge(
        _ views: [SharedView], _ listings: [[TreeEntry]]
    ) throws(StageError) -> [Holding] {
        // Usually there is one view, and nothing has to be looked up.
        if views.count == 1 { return [Holding(views: [0], entries: listings[0])] }
        var rows: [RelativePath: Row] = [:]
        for (view, listing) in listings.enumerated() {
            for entry in listing {
                let length = Self.length(of: entry, in: listing)
                guard var row = rows[entry.path] else {
                    rows[entry.path] = Row(entry: entry, length: length, views: [view])
                    continue
                }
                let first = views[row.views[0]]
                guard first.source == views[view].source else { throw .sameName(entry.path) }
                guard row.entry.isSame(as: entry), row.length == length else {
                    throw .disagreement(path: entry.path, first.lister, views[view].lister)
                }
                row.views.append(view)
                rows[entry.path] = row
            }
        }
        return group(rows)
    }

    private struct Row {
        let entry: TreeEntry
        /// The length of the file that the entry names.
        let length: Int64
        var views: [Int]
    }

    private static func length(of entry: TreeEntry, in listing: [TreeEntry]) -> Int64 {
        guard case .sameFile(let first) = entry.body else { return entry.length }
        // The listing is in order, and is searched only for files with several names.
        var low = 0
        var high = listing.count
        while low < high {
            let middle = (low + high) / 2
            if RelativePath.inTreeOrder(listing[middle].path, first) {
                low = middle + 1
            } else {
                high = middle
            }
        }
        return low < listing.count ? listing[low].length : 0
    }

    private static func group(_ rows: [RelativePath: Row]) -> [Holding] {
        let paths = rows.keys.sorted(by: RelativePath.inTreeOrder)
        var places: [[Int]: Int] = [:]
        var holdings: [Holding] = []
        var present: [Set<RelativePath>] = []
        for path in paths {
            guard let row = rows[path] else { continue }
            let place: Int
            if let known = places[row.views] {
                place = known
            } else {
                place = holdings.count
                places[row.views] = place
                holdings.append(Holding(views: row.views, entries: []))
                present.append([])
            }
            // The folders above may be held by others too, and then stand elsewhere.
            for above in path.foldersAbove where present[place].insert(above).inserted {
                if let folder = rows[above] { holdings[place].entries.append(folder.entry) }
            }
            guard present[place].insert(path).inserted else { continue }
            holdings[place].entries.append(
                Self.entry(row.entry, among: present[place], of: rows))
        }
        return holdings
    }

    /// Another name of a file that stands in another content is a file of its own.
    private static func entry(
        _ entry: TreeEntry, among present: Set<RelativePath>, of rows: [RelativePath: Row]
    ) -> TreeEntry {
        guard case .sameFile(let other) = entry.body, !present.contains(other) else {
            return entry
        }
        var file = rows[other]?.entry
        // A file in one view may be another name of a file that was found first elsewhere.
        while case .sameFile(let first)? = file?.body { file = rows[first]?.entry }
        guard let file else { return entry }
        return TreeEntry(
            path: entry.path, body: file.body, mode: entry.mode, modified: entry.modified,
            preserved: file.preserved)
    }
}

extension TreeEntry {
    /// Permissions may differ: those of the first entry count.
    fileprivate func isSame(as other: TreeEntry) -> Bool {
        switch (body, other.body) {
        case (.folder, .folder): true
        case (.file(let a, _), .file(let b, _)): a == b && modified == other.modified
        case (.link(let a), .link(let b)): a == b
        case (.sameFile, .sameFile), (.sameFile, .file), (.file, .sameFile):
            modified == other.modified
        default: false
        }
    }
}
