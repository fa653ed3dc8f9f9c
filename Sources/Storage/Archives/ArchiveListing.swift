package import Content
package import Vocabulary

/// The tree that the entries of an archive make, below the name of the source.
package struct ArchiveListing: Equatable, Sendable {
    /// In tree order, with owners and attributes.
    package internal(set) var entries: [TreeEntry] = []
    /// The offset of each entry's bytes among all unpacked bytes; 0 for an entry without bytes.
    var starts: [Int64] = []
    /// Pipes, sockets and devices, in tree order.
    package internal(set) var leftOut: [RelativePath] = []
    /// Entries that the filter excludes, in tree order.
    package internal(set) var excluded: [RelativePath] = []

    /// Whether both are of the same tree, wherever its bytes are.
    func hasSameEntries(as other: ArchiveListing) -> Bool {
        entries == other.entries && leftOut == other.leftOut
    }

    /// The entries that `filter` wants, listed like those of a folder. The top is always wanted.
    package func chosen(by filter: PathFilter, preserves: Bool) -> ArchiveListing {
        var chosen = ArchiveListing()
        var walk = FilterState(filter)
        // The first wanted name of each file, by the first name of that file in the full list.
        var firstNames: [RelativePath: RelativePath] = [:]
        var files: [RelativePath: TreeEntry] = [:]
        let linked = linked
        for (index, entry) in entries.enumerated() {
            if case .file = entry.body, linked.contains(entry.path) { files[entry.path] = entry }
            switch walk.choice(of: entry.path, isFolder: entry.body == .folder) {
            case .wanted: break
            case .excluded:
                chosen.excluded.append(entry.path)
                continue
            case .passedOver: continue
            }
            var taken = entry
            if case .sameFile(let first) = entry.body {
                if let name = firstNames[first] {
                    taken = entry.with(.sameFile(as: name))
                } else if let file = files[first] {
                    firstNames[first] = entry.path
                    taken = TreeEntry(
                        path: entry.path, body: file.body, mode: file.mode,
                        modified: file.modified, preserved: file.preserved)
                }
            } else if files[entry.path] != nil {
                firstNames[entry.path] = entry.path
            }
            chosen.entries.append(preserves ? taken : taken.withoutOwner)
            chosen.starts.append(starts[index])
        }
        chosen.leftOut = leftOut.filter { walk.choice(of: $0, isFolder: false) == .wanted }
        return chosen
    }

    /// The files that have further names (hard links).
    private var linked: Set<RelativePath> {
        var linked: Set<RelativePath> = []
        for case .sameFile(let first) in entries.lazy.map(\.body) { linked.insert(first) }
        return linked
    }

    private enum Choice { case wanted, excluded, passedOver }

    /// The state of a filter during a walk of the tree in tree order.
    private struct FilterState {
        private let filter: PathFilter
        /// The wanted folders, and for each whether everything in it is wanted.
        private var folders: [ArraySlice<UInt8>: Bool] = [:]

        init(_ filter: PathFilter) { self.filter = filter }

        mutating func choice(of path: RelativePath, isFolder: Bool) -> Choice {
            guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")),
                let top = path.utf8.firstIndex(of: UInt8(ascii: "/"))
            else {
                folders[path.utf8[...]] = filter.names.isEmpty
                return .wanted
            }
            guard let isWhole = folders[path.utf8[..<slash]] else { return .passedOver }
            let below = path.utf8[(top + 1)...]
            let choice = isWhole ? .all : filter.choice(of: below)
            guard choice != .none else { return .passedOver }
            guard !filter.excludes(below, isFolder: isFolder) else { return .excluded }
            guard choice == .all || isFolder else { return .passedOver }
            if isFolder { folders[path.utf8[...]] = choice == .all }
            return .wanted
        }
    }
}

extension TreeEntry {
    fileprivate func with(_ body: Body) -> TreeEntry {
        TreeEntry(path: path, body: body, mode: mode, modified: modified, preserved: preserved)
    }

    /// A set-id program must not run under the name of the owner of the copy.
    fileprivate var withoutOwner: TreeEntry {
        let mode = body == .folder ? mode : mode & ~0o6000
        return TreeEntry(path: path, body: body, mode: mode, modified: modified)
    }
}

extension ArchiveListing {
    /// Where the bytes of each file begin.
    var fileStarts: [RelativePath: Int64] {
        var found: [RelativePath: Int64] = [:]
        for (entry, start) in zip(entries, starts) {
            switch entry.body {
            case .file, .sameFile: found[entry.path] = start
            case .folder, .link: break
            }
        }
        return found
    }
}
