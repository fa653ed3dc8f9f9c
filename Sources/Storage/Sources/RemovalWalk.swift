import CLinux
import Content
import Glibc
import Synchronization
import Vocabulary

/// Removes the entries of a source that are in the noted states, the last one first, so that a
/// folder comes after all that lies in it. A folder is removed if it is empty then. The folder that
/// the source is stays: a rerun finds it, and nothing in it to do.
///
/// Entries are removed by their names in folders that were opened beneath the source through no
/// link. Between the look at a state and the removal another process could put a file of that name
/// in its place; the system has no call that removes a file only if it is a certain one.
struct RemovalWalk: ~Copyable {
    private let source: TreeSource
    private let marks: [EntryMark?]
    private let terms: RemovalTerms
    private var parent = EntryFolder()
    private var list = DifferenceList()
    private var takenCount: UInt64 = 0
    private var failure: StorageError?
    /// The states of files of which this removal has taken away one of several names.
    private var renewed: [FileIdentity: EntryMark] = [:]
    /// The paths of the listing; nil until one is looked for.
    private var listed: Set<RelativePath>?

    private var entries: [TreeEntry] { source.manifest.entries }

    init(_ source: TreeSource, _ terms: RemovalTerms) {
        self.source = source
        self.terms = terms
        marks = source.marks.withLock { $0 }
    }

    /// The entries that would be removed, if none of them changes.
    static func foreseen(for manifest: TreeManifest) -> DifferenceList {
        var list = DifferenceList()
        for entry in manifest.entries where !(entry.body == .folder && entry.path.isSingleName) {
            list.add(Difference(.taken, entry.path))
        }
        return list
    }

    /// Returns what was removed and what stays, and the first failure. Nothing is removed if no
    /// states were noted.
    mutating func remove() -> (list: DifferenceList, failure: StorageError?) {
        guard marks.count == entries.count else { return (list, nil) }
        for index in entries.indices.reversed() { remove(index) }
        list.note(takenCount, of: .taken)
        return (list, failure)
    }

    private mutating func remove(_ index: Int) {
        let entry = entries[index]
        do throws(StorageError) {
            let isGone =
                try entry.body == .folder ? removeFolder(entry) : removeOther(entry, marks[index])
            if isGone { takenCount += 1 }
        } catch .system(_, _, ENOENT) {
            // Another process has removed it.
        } catch {
            keep(entry.path)
            failure = failure ?? error
        }
    }

    private mutating func keep(_ path: RelativePath) { list.add(Difference(.kept, path)) }

    private mutating func removeOther(
        _ entry: TreeEntry, _ mark: EntryMark?
    ) throws(StorageError) -> Bool {
        let status = try parent.status(of: entry.path, in: source)
        let identity = FileIdentity(status)
        guard let mark, EntryMark(status) == renewed[identity] ?? mark else {
            keep(entry.path)
            return false
        }
        let folder = try parent.folder(of: entry.path, in: source)
        let name = try EntryFolder.name(of: entry.path, in: source)
        let path = try fullPath(of: entry.path)
        guard status.st_nlink > 1, status.st_mode & S_IFMT == S_IFREG else {
            try Self.unlink(name, in: folder.file, flags: 0, path: path)
            return true
        }
        // Its other names get another state by this.
        let file = try OpenFile(beneath: folder.file, single(name), path: path)
        try Self.unlink(name, in: folder.file, flags: 0, path: path)
        renewed[identity] = EntryMark(try file.status(path: path))
        return true
    }

    private func single(_ name: [UInt8]) -> RelativePath {
        do throws(PathError) { return try RelativePath(bytes: name) } catch {
            preconditionFailure("the last component of a path is a path")
        }
    }

    private mutating func removeFolder(_ entry: TreeEntry) throws(StorageError) -> Bool {
        guard !entry.path.isSingleName else {
            try keepAdded(in: entry.path)
            return false
        }
        let folder = try parent.folder(of: entry.path, in: source)
        let name = try EntryFolder.name(of: entry.path, in: source)
        do throws(StorageError) {
            try Self.unlink(
                name, in: folder.file, flags: AT_REMOVEDIR, path: fullPath(of: entry.path))
            return true
        } catch .system(_, _, ENOTEMPTY) {
            try keepAdded(in: entry.path)
        } catch .system(_, _, EEXIST) {
            try keepAdded(in: entry.path)
        } catch .system(_, _, EBUSY) {
            // Something is mounted there.
            keep(entry.path)
        }
        return false
    }

    /// Names what was added to a folder since it was listed, as far as it would have been listed.
    private mutating func keepAdded(in folder: RelativePath) throws(StorageError) {
        let path = try fullPath(of: folder)
        let open = try source.root(of: folder).open(folder, follows: false)
        let copy = try OpenFile(folder: ".", in: open.file, path: path)
        let known = listed ?? Set(entries.map(\.path))
        listed = known
        for name in try copy.names(path: path) {
            let entry: RelativePath
            do throws(PathError) {
                entry = try RelativePath(bytes: folder.utf8 + [UInt8(ascii: "/")] + name)
            } catch { continue }
            guard !known.contains(entry), let below = entry.belowTop else { continue }
            do throws(StorageError) {
                let kind = try copy.status(of: name, follows: false, path: path).st_mode & S_IFMT
                let isKind = [S_IFDIR, S_IFREG, S_IFLNK].contains(kind)
                if isKind, terms.isCovered(below.utf8[...], kind == S_IFDIR) { keep(entry) }
            } catch .system(_, _, ENOENT) {
                continue
            }
        }
    }

    private func fullPath(of entry: RelativePath) throws(StorageError) -> String {
        try source.root(of: entry).fullPath(of: entry)
    }

    private static func unlink(
        _ name: [UInt8], in folder: borrowing OpenFile, flags: Int32, path: String
    ) throws(StorageError) {
        let below = folder.raw
        let text = RelativePath.systemName(name)
        try posix("unlinkat", path) { unsafe unlinkat(below, text, flags) }
    }
}
