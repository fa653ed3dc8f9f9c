import Content
import Glibc
import Synchronization
import Vocabulary

/// Checks, before growing files get their names, whether another process has altered them.
extension PartArea {
    /// Repairs the part area after alterations: foreign entries are removed, files that were
    /// changed are digested again, and pieces that are wrong or missing are dropped. The tree has
    /// to be completed again then.
    func isAsLeft() throws(StorageError) -> Bool {
        // Folders are opened for it, and dated afterwards.
        states.withLock { states in
            for entry in states.indices where layout.entries[entry].body == .folder {
                if states[entry].grows { states[entry].isDated = false }
            }
        }
        var seen = [FileIdentity?](repeating: nil, count: layout.entries.count)
        var altered: [Int] = []
        let removedCount = try places.sweep { (entry, status) throws(StorageError) in
            guard try isPlausible(entry, status) else { return false }
            seen[entry] = FileIdentity(status)
            if case .file = layout.entries[entry].body, grows(entry),
                !stamps.isAsLeft(entry, FileStamp(status))
            {
                altered.append(entry)
            }
            return true
        }
        var isWhole = removedCount == 0 && altered.isEmpty
        for entry in layout.entries.indices where grows(entry) {
            if let identity = seen[entry] {
                if try isName(entry, identity, seen) { continue }
            }
            isWhole = false
            try lose(entry)
        }
        standing.withLock { standing in
            for top in layout.tops where grows(top) { standing[top] = seen[top] }
        }
        for entry in altered where seen[entry] != nil && grows(entry) {
            try prove(entry, on: .growing)
        }
        return try hasLeftPlacesAlone() && isWhole
    }

    /// False for another name that is no longer that of its file.
    private func isName(
        _ entry: Int, _ identity: FileIdentity, _ seen: [FileIdentity?]
    ) throws(StorageError) -> Bool {
        guard case .sameFile(let path) = layout.entries[entry].body,
            let original = layout.entry(at: path)
        else { return true }
        if grows(original) { return seen[original] == identity }
        return try FileIdentity(status(of: original, on: .final)) == identity
    }

    private func grows(_ entry: Int) -> Bool { states.withLock { $0[entry].grows } }

    /// Files in place that were digested there are checked again, too.
    private func hasLeftPlacesAlone() throws(StorageError) -> Bool {
        var isWhole = true
        for entry in layout.entries.indices
        where states.withLock({ $0[entry].place == .doubted }) && stamps.isKnown(entry) {
            let stamp = FileStamp(try status(of: entry, on: .final))
            guard !stamps.isAsLeft(entry, stamp) else { continue }
            isWhole = false
            try prove(entry, on: .final)
        }
        return isWhole
    }

    private func isPlausible(_ entry: Int, _ found: stat) throws(StorageError) -> Bool {
        let kind = found.st_mode & S_IFMT
        switch layout.entries[entry].body {
        case .folder:
            return places.isOurFolder(found, entry, preserves: options.preserves)
        case .file, .sameFile:
            guard grows(entry) else { return false }
            guard case .file = layout.entries[entry].body else { return kind == S_IFREG }
            return places.isOurs(
                found, entry, preserves: options.preserves, namesMax: nameCount(of: entry))
        case .link(let target):
            guard grows(entry), kind == S_IFLNK else { return false }
            var cursor = FolderCursor(.growing)
            let above = try cursor.parent(of: entry, in: places)
            let name = layout.name(of: entry, on: .growing)
            let path = places.path(of: entry, on: .growing)
            return try DestinationSurvey.target(of: name, in: above, path: path) == target
        }
    }

    /// The number of names that a file may have by now.
    private func nameCount(of entry: Int) -> Int { 1 + otherNames[entry, default: 0] }

    func status(of entry: Int, on side: TreeSide) throws(StorageError) -> stat {
        var cursor = FolderCursor(side)
        guard let found = try places.status(of: entry, on: side, &cursor) else {
            throw .altered(path: places.path(of: entry, on: side))
        }
        return found
    }

    /// It is not there any more, and nothing of it.
    func lose(_ entry: Int) throws(StorageError) {
        states.withLock { states in
            states[entry].isMade = false
            states[entry].isDated = false
        }
        switch layout.entries[entry].body {
        case .link, .folder: return
        case .sameFile: return try places.removeGrowing(entry)
        case .file: break
        }
        stamps.forget(entry)
        for position in layout.entries.indices where nameCount(of: entry) > 1 {
            guard case .sameFile(let path) = layout.entries[position].body,
                layout.entry(at: path) == entry
            else { continue }
            states.withLock { $0[position].isDated = false }
        }
        for piece in pieces(of: entry) { try drop(piece) }
    }

    /// Digests a file that another process has changed, and drops its wrong pieces. It gets its
    /// rights and its date again.
    private func prove(_ entry: Int, on side: TreeSide) throws(StorageError) {
        stamps.trust(entry, as: FileStamp(try status(of: entry, on: side)))
        states.withLock { $0[entry].isDated = false }
        guard try places.hasOnlyHoles(entry, on: side) else {
            if side == .growing {
                try places.removeGrowing(entry)
            } else {
                states.withLock { $0[entry].place = .replaced }
            }
            return try lose(entry)
        }
        for piece in pieces(of: entry) {
            guard let known = digest(of: piece) else { continue }
            let buffer = PieceBuffer(byteCount: geometry.size(of: piece))
            try unsafe read(piece, into: buffer.memory)
            let found = buffer.withBytes {
                PieceDigest(Digester.digest(of: $0, layout.manifest.digest))
            }
            if found != known { try drop(piece) }
        }
    }

    /// Those that hold bytes of it and are here.
    private func pieces(of entry: Int) -> [PieceIndex] {
        layout.manifest.pieces(of: entry).map { PieceIndex($0) }.filter { piece in
            holds(piece)
                && layout.manifest.stretches(of: piece).contains {
                    $0.entry == entry && !layout.data(in: $0).isEmpty
                }
        }
    }
}
