import CLinux
import Content
import Glibc
import Synchronization
import Vocabulary

extension PartArea {
    /// Gives every entry its rights, its date and then its name, and removes the part area. After a
    /// failure it may be called again, in this job or the next: what has its name by then is right
    /// and stays. Reading goes on.
    ///
    /// False where a piece is not here, or another process altered the copy: the altered pieces
    /// are dropped, and have to come again.
    @discardableResult
    package func finish() throws(StorageError) -> Bool {
        guard isWhole else { return false }
        try demandPlaces()
        try flush()
        try cache.close()
        doubtNamesOfRepaired()
        for _ in 0..<Self.looksMax {
            try complete()
            // The bytes before the names, or a power failure could leave a name without them.
            if options.syncs { try sync() }
            guard try isAsLeft() else {
                try cache.close()
                guard isWhole else { return false }
                continue
            }
            try dateFolders()
            try demandBase()
            try giveNames()
            if options.syncs { try sync() }
            guard isWhole else { return false }
            try demandPlaces()
            try places.folder.remove()
            return true
        }
        throw .altered(path: places.folder.path)
    }

    /// An altered file may be right all the same, and is checked again, up to this number of times.
    private static let looksMax = 5

    var isWhole: Bool { ledger.withLock { $0.held.isFull } }

    private func sync() throws(StorageError) {
        let base = places.folder.base.raw
        try posix("syncfs", places.folder.basePath) { clinux_sync_file_system(base) }
    }

    /// The other names of a file that is about to be replaced still mean the old one.
    private func doubtNamesOfRepaired() {
        for (position, entry) in layout.entries.enumerated() {
            guard case .sameFile(let path) = entry.body, let original = layout.entry(at: path)
            else { continue }
            states.withLock { states in
                if states[position].place == .right, states[original].grows {
                    states[position].place = .replaced
                }
            }
        }
    }

    /// Makes what no piece has made: folders, links, other names, and files without bytes.
    private func complete() throws(StorageError) {
        var cursor = FolderCursor(.growing)
        for position in layout.entries.indices {
            let state = states.withLock { $0[position] }
            guard state.grows, !state.isDated else { continue }
            try makeFolder(above: position)
            switch layout.entries[position].body {
            case .folder:
                // Its date comes when nothing changes in it any more.
                try makeFolder(position)
                continue
            case .file: guard try completeFile(position) else { continue }
            case .link(let target): try makeLink(position, to: target, &cursor)
            case .sameFile(let path):
                guard let original = layout.entry(at: path) else {
                    preconditionFailure("another name of a file that is not in the tree")
                }
                // One that was found to be something else has to come first.
                let isThere = states.withLock { !$0[original].grows || $0[original].isMade }
                guard isThere else { continue }
                try makeName(position, of: original, &cursor)
            }
            states.withLock { $0[position].isDated = true }
        }
    }

    /// False where something else lies in its place, and goes.
    private func completeFile(_ position: Int) throws(StorageError) -> Bool {
        do throws(StorageError) {
            try makeWhole(position)
            return true
        } catch .system(_, _, let code) where [EISDIR, ELOOP, ENXIO].contains(code) {
            try places.removeGrowing(position)
            try lose(position)
            return false
        }
    }

    private func makeWhole(_ position: Int) throws(StorageError) {
        let entry = layout.entries[position]
        let path = places.path(of: position, on: .growing)
        let isMade = states.withLock { $0[position].isMade }
        let file = try places.openForGrowing(position, flags: isMade ? 0 : O_TRUNC)
        if isMade { stamps.check(position, FileStamp(try file.status(path: path))) }
        if !isMade, entry.length > 0 { try file.setLength(entry.length, path: path) }
        try dress(file, as: position, path: path)
        let stamp = FileStamp(try file.status(path: path))
        if isMade { stamps.left(position, as: stamp) } else { stamps.trust(position, as: stamp) }
        states.withLock { $0[position].isMade = true }
    }

    private func makeLink(
        _ position: Int, to target: [UInt8], _ cursor: inout FolderCursor
    ) throws(StorageError) {
        let above = try cursor.parent(of: position, in: places)
        let name = layout.name(of: position, on: .growing)
        let path = places.path(of: position, on: .growing)
        let text = target.map { CChar(bitPattern: $0) } + [0]
        try afresh(name, in: above, path: path) { () throws(StorageError) in
            try posix("symlinkat", path) { unsafe symlinkat(text, above, name) }
        }
        if let preserved = preserved(of: position) {
            var outcome = Preserved.Outcome()
            outcome.isOwned = try preserved.own(path: path) { owner, group in
                unsafe fchownat(above, name, owner, group, AT_SYMLINK_NOFOLLOW)
            }
            note(outcome, of: position)
        }
        let times = layout.entries[position].modified.setting
        try posix("utimensat", path) {
            unsafe utimensat(above, name, times, AT_SYMLINK_NOFOLLOW)
        }
    }

    private func makeName(
        _ position: Int, of original: Int, _ cursor: inout FolderCursor
    ) throws(StorageError) {
        let side: TreeSide = states.withLock { $0[original].grows } ? .growing : .final
        var originals = FolderCursor(side)
        let from = try originals.parent(of: original, in: places)
        let fromName = layout.name(of: original, on: side)
        let above = try cursor.parent(of: position, in: places)
        let name = layout.name(of: position, on: .growing)
        let path = places.path(of: position, on: .growing)
        let isKnown = stamps.isKnown(original)
        if isKnown { stamps.check(original, FileStamp(try status(of: original, on: side))) }
        try afresh(name, in: above, path: path) { () throws(StorageError) in
            try posix("linkat", path) { unsafe linkat(from, fromName, above, name, 0) }
        }
        if isKnown { stamps.left(original, as: FileStamp(try status(of: original, on: side))) }
    }

    /// Removes what an earlier job made under that name.
    private func afresh(
        _ name: [CChar], in folder: Int32, path: String, _ make: () throws(StorageError) -> Void
    ) throws(StorageError) {
        do throws(StorageError) { try make() } catch .system(_, _, EEXIST) {
            try posix("unlinkat", path) { unsafe unlinkat(folder, name, 0) }
            try make()
        }
    }

    /// The deepest folders first, because a new entry changes the date of its folder. The folder
    /// that will be renamed must stay writable to its owner until then, since its `..` changes.
    private func dateFolders() throws(StorageError) {
        for position in layout.entries.indices.reversed() {
            let entry = layout.entries[position]
            let (state, isInMerged) = states.withLock { states in
                let above = layout.parent(of: position)
                return (states[position], above.map { !states[$0].grows } ?? true)
            }
            guard entry.body == .folder, state.grows, !state.isDated, !isInMerged else { continue }
            let folder = try places.open(position, on: .growing, flags: O_DIRECTORY)
            try dress(folder, as: position, path: places.path(of: position, on: .growing))
            states.withLock { $0[position].isDated = true }
        }
    }
}
