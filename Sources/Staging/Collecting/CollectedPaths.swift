import Content
import Vocabulary

/// The paths that the entries of all views get at the destination. Two views may have the same
/// folder and no other entry of one path: files of two ranks are two files, even if they agree in
/// length and date.
struct CollectedPaths {
    private var tops: [[UInt8]: Int] = [:]
    private var rows: [Key: Row] = [:]
    private var found: [CollectConflicts.Conflict] = []
    private var count = 0

    private struct Key: Hashable {
        let top: Int
        let below: [UInt8]
    }

    private struct Row {
        let rank: Rank
        /// The folder at the destination; nil for any other entry.
        var folder: TreeEntry?
    }

    /// All of them would be too much for a line.
    static let namedMax = 20

    mutating func add(_ listing: [TreeEntry], at landing: Landing, of rank: Rank) {
        for entry in listing {
            let (place, below) = Self.path(of: entry, at: landing)
            let number = tops[place] ?? tops.count
            tops[place] = number
            let key = Key(top: number, below: below)
            let folder = entry.body == .folder ? entry : nil
            guard let known = rows[key] else {
                rows[key] = Row(rank: rank, folder: folder)
                continue
            }
            if let first = known.folder, let folder {
                rows[key]?.folder = first.merged(with: folder)
                continue
            }
            count += 1
            guard found.count < Self.namedMax else { continue }
            let path = RelativePath.text(of: (place + below)[...])
            found.append(CollectConflicts.Conflict(path: path, first: known.rank, second: rank))
        }
    }

    /// Nil if there are none.
    var conflicts: CollectConflicts? {
        found.isEmpty ? nil : CollectConflicts(named: found, more: count - found.count)
    }

    /// The listing, in which a folder of several views is the same as in theirs: otherwise it would
    /// get the rights and the date of the view that is finished last.
    func merged(_ listing: [TreeEntry], at landing: Landing) -> [TreeEntry] {
        listing.map { entry in
            let (place, below) = Self.path(of: entry, at: landing)
            guard let top = tops[place], let folder = rows[Key(top: top, below: below)]?.folder
            else { return entry }
            return TreeEntry(
                path: entry.path, body: .folder, mode: folder.mode, modified: folder.modified,
                preserved: folder.preserved)
        }
    }

    /// The path of the top entry, and the rest.
    private static func path(
        of entry: TreeEntry, at landing: Landing
    ) -> (top: [UInt8], below: [UInt8]) {
        let utf8 = entry.path.utf8
        let slash = utf8.firstIndex(of: UInt8(ascii: "/")) ?? utf8.endIndex
        let name = landing.name?.utf8 ?? Array(utf8[..<slash])
        return (Array(landing.folder.utf8) + [UInt8(ascii: "/")] + name, Array(utf8[slash...]))
    }
}

extension TreeEntry {
    /// The folder of several ranks is that of the first, and lets in no user whom one of them keeps
    /// out; its owner may do what any of them permits.
    fileprivate func merged(with other: TreeEntry) -> TreeEntry {
        let owner: UInt16 = 0o700
        return TreeEntry(
            path: path, body: body, mode: (mode | other.mode) & owner | mode & other.mode & ~owner,
            modified: modified, preserved: preserved)
    }
}
