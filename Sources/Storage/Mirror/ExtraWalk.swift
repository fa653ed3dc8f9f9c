import CLinux
import Content
import Glibc
import Vocabulary

/// Finds the entries in the folders of a copy that its source lacks, and removes them if the user
/// wants that. Each folder is opened in the one above it, by its name and through no link, and all
/// work in it goes through its descriptor. So a folder that another process renames meanwhile is
/// not mistaken for the one that takes its name.
///
/// Excluded entries stay, as do part folders of jobs, the sources, entries on another mount, and
/// the folders around all of these.
struct ExtraWalk: ~Copyable {
    private let base: OpenFile
    private let basePath: String
    /// The contents that make up the copy.
    private let trees: [ExtraTree]
    private let terms: ExtraTerms
    /// The sources themselves, which may lie in the copy or be the copy.
    private let sources: Set<FileIdentity>
    /// The mount of the destination.
    private let mount: UInt64
    private(set) var list = DifferenceList()
    /// The first entry that could not be removed, or folder that could not be read.
    private(set) var firstError: StorageError?

    /// A folder that both source and copy have.
    private struct CommonFolder {
        let name: [UInt8]
        /// The entry of the folder in each content that has it.
        let entries: [(tree: Int, entry: Int)]
    }

    /// The entries of one folder that the source lacks.
    private struct FoundEntries {
        var files: [[UInt8]] = []
        var folders: [[UInt8]] = []
        /// Whether an entry has to stay.
        var keepsSome = false
    }

    init(
        in base: consuming OpenFile, path: String, _ trees: [ExtraTree], _ terms: ExtraTerms,
        sources: Set<FileIdentity> = []
    ) throws(StorageError) {
        mount = try Self.mount(of: base, path: path)
        self.base = base
        basePath = path
        self.trees = trees
        self.terms = terms
        self.sources = sources
    }

    private var removes: Bool { terms.treatment == .removed }

    mutating func walk() throws(StorageError) {
        let top = try OpenFile(folder: ".", in: base, path: basePath)
        for folder in children(of: nil) { enter(folder, at: nil, in: top) }
    }

    private mutating func note(_ error: StorageError) {
        if firstError == nil { firstError = error }
    }

    /// The source's folders directly below a folder, or at the top.
    private borrowing func children(of entries: [(tree: Int, entry: Int)]?) -> [CommonFolder] {
        var folders: [[UInt8]: [(tree: Int, entry: Int)]] = [:]
        let parents =
            entries?.map { ($0.tree, Optional($0.entry)) } ?? trees.indices.map { ($0, nil) }
        for (number, parent) in parents {
            let layout = trees[number].layout
            for child in layout.children(of: parent) where layout.entries[child].body == .folder {
                let name = Array(layout.nameBytes(of: child, on: .final))
                folders[name, default: []].append((number, child))
            }
        }
        return folders.keys.sorted { $0.lexicographicallyPrecedes($1) }.map {
            CommonFolder(name: $0, entries: folders[$0] ?? [])
        }
    }

    private borrowing func path(
        of name: [UInt8], in folder: RelativePath?
    ) throws(StorageError) -> RelativePath {
        let bytes = (folder.map { $0.utf8 + [UInt8(ascii: "/")] } ?? []) + name
        do throws(PathError) { return try RelativePath(bytes: bytes) } catch {
            throw .system(
                call: "openat", path: full(RelativePath.text(of: bytes[...])), errno: ENAMETOOLONG)
        }
    }

    private borrowing func full(_ path: String) -> String { "\(basePath)/\(path)" }

    /// Opens a folder directly below another one, never through a link.
    private static func open(
        _ name: [UInt8], in above: borrowing OpenFile, path: String
    ) throws(StorageError) -> OpenFile {
        let below = above.raw
        let text = RelativePath.systemName(name)
        let flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC
        return OpenFile(raw: try posix("openat", path) { unsafe openat(below, text, flags) })
    }

    /// Searches a folder that source and copy have, if it is still the one that the job found.
    private mutating func enter(
        _ known: CommonFolder, at folder: RelativePath?, in above: borrowing OpenFile
    ) {
        do throws(StorageError) {
            let path = try path(of: known.name, in: folder)
            let text = full(path.description)
            let open = try Self.open(known.name, in: above, path: text)
            guard try isSearched(open, known, path: text) else { return }
            _ = try clear(path, open, known.entries)
        } catch .system(_, _, let code) where [ENOENT, ENOTDIR, ELOOP].contains(code) {
            // Another process has removed or replaced the folder.
            return
        } catch { note(error) }
    }

    private borrowing func isSearched(
        _ open: borrowing OpenFile, _ known: CommonFolder, path: String
    ) throws(StorageError) -> Bool {
        let identity = FileIdentity(try open.status(path: path))
        guard !sources.contains(identity), try Self.mount(of: open, path: path) == mount else {
            return false
        }
        let isRemembered = known.entries.contains { trees[$0.tree].standing != nil }
        guard isRemembered else { return true }
        let remembered = known.entries.compactMap { trees[$0.tree].standing?[$0.entry] }
        guard remembered.allSatisfy({ $0 == identity }) else { throw .displaced(path: path) }
        return !remembered.isEmpty
    }

    /// Removes or counts the entries that the source lacks in an open folder and below it;
    /// `entries` are the source's entries of that folder. Returns whether nothing has to stay.
    private mutating func clear(
        _ folder: RelativePath, _ open: borrowing OpenFile,
        _ entries: [(tree: Int, entry: Int)]
    ) throws(StorageError) -> Bool {
        let path = full(folder.description)
        let before = try open.status(path: path)
        let found = try look(in: folder, open, before, entries)
        var goneCount = 0
        for name in found.files where try remove(name, in: folder, open, isFolder: false) {
            goneCount += 1
        }
        for name in found.folders where try clearFolder(name, in: folder, open) {
            if try remove(name, in: folder, open, isFolder: true) { goneCount += 1 }
        }
        let isEmpty = !found.keepsSome && goneCount == found.files.count + found.folders.count
        if removes { try restore(open, before, entries, changes: goneCount > 0, path: path) }
        for child in children(of: entries) where !entries.isEmpty {
            enter(child, at: folder, in: open)
        }
        return isEmpty
    }

    /// Gives a folder its rights back and, if the source has it, its date.
    private borrowing func restore(
        _ open: borrowing OpenFile, _ before: stat, _ entries: [(tree: Int, entry: Int)],
        changes: Bool, path: String
    ) throws(StorageError) {
        let mode = before.st_mode & 0o7777
        if changes, let first = entries.first {
            let entry = trees[first.tree].layout.entries[first.entry]
            return try open.date(as: entry, mode: UInt16(mode), path: path)
        }
        guard try open.status(path: path).st_mode & 0o7777 != mode else { return }
        let raw = open.raw
        try posix("fchmod", path) { fchmod(raw, mode) }
    }

    /// Clears a folder that the source lacks. Returns whether nothing in it has to stay.
    private mutating func clearFolder(
        _ name: [UInt8], in folder: RelativePath, _ above: borrowing OpenFile
    ) throws(StorageError) -> Bool {
        var path: RelativePath?
        do throws(StorageError) {
            let below = try self.path(of: name, in: folder)
            path = below
            let text = full(below.description)
            let open = try Self.open(name, in: above, path: text)
            let identity = FileIdentity(try open.status(path: text))
            guard !sources.contains(identity), try Self.mount(of: open, path: text) == mount else {
                return false
            }
            return try clear(below, open, [])
        } catch .system(_, _, ENOENT) {
            return false
        } catch {
            if terms.isDecisive, let path { list.add(Difference(.stuck, path)) }
            note(error)
            return false
        }
    }

    private borrowing func look(
        in folder: RelativePath, _ open: borrowing OpenFile, _ status: stat,
        _ entries: [(tree: Int, entry: Int)]
    ) throws(StorageError) -> FoundEntries {
        let path = full(folder.description)
        var known: Set<[UInt8]> = []
        for (number, entry) in entries {
            let layout = trees[number].layout
            for child in layout.children(of: entry) {
                known.insert(Array(layout.nameBytes(of: child, on: .final)))
            }
        }
        var found = FoundEntries()
        for name in try open.names(path: path) where !known.contains(name) {
            let below = try self.path(of: name, in: folder)
            let inside = full(below.description)
            let child = try open.status(of: name, follows: false, path: inside)
            let isFolder = child.st_mode & S_IFMT == S_IFDIR
            guard child.st_dev == status.st_dev, !PartFolder.isName(name),
                !sources.contains(FileIdentity(child)),
                terms.isCovered(below.utf8.drop { $0 != UInt8(ascii: "/") }.dropFirst(), isFolder)
            else {
                found.keepsSome = true
                continue
            }
            if isFolder { found.folders.append(name) } else { found.files.append(name) }
        }
        return found
    }

    /// Removes an entry, or only counts it. Returns whether it is gone, or would be.
    private mutating func remove(
        _ name: [UInt8], in folder: RelativePath, _ open: borrowing OpenFile, isFolder: Bool
    ) throws(StorageError) -> Bool {
        let path = try path(of: name, in: folder)
        guard removes else {
            list.add(Difference(.extra, path))
            return true
        }
        do throws(StorageError) {
            try Self.unlink(
                name, in: open, isFolder: isFolder, path: full(path.description))
            list.add(Difference(.removed, path))
            return true
        } catch .system(_, _, ENOENT) {
            return true
        } catch {
            list.add(Difference(.stuck, path))
            note(error)
            return false
        }
    }
}

extension ExtraWalk {
    /// The number of the mount on which a folder lies: a mount of the same file system at a second
    /// place has a number of its own. It is read from the kernel's description of the descriptor,
    /// which older kernels have too.
    private static func mount(
        of folder: borrowing OpenFile, path: String
    ) throws(StorageError) -> UInt64 {
        let place = "/proc/self/fdinfo/\(folder.raw)"
        let description = try OpenFile(opening: place, flags: O_RDONLY)
        var bytes = [UInt8](repeating: 0, count: 1024)
        let count = try description.read(into: &bytes, from: 0, path: place)
        for line in String(decoding: bytes[..<count], as: UTF8.self).split(separator: "\n") {
            let words = line.split(whereSeparator: \.isWhitespace)
            if words.first == "mnt_id:", let number = words.last.flatMap({ UInt64($0) }) {
                return number
            }
        }
        throw .system(call: "mnt_id", path: path, errno: ENOTSUP)
    }

    /// Removes a name from a folder, which becomes writable for that if it belongs to this user.
    private static func unlink(
        _ name: [UInt8], in folder: borrowing OpenFile, isFolder: Bool, path: String
    ) throws(StorageError) {
        let below = folder.raw
        let text = RelativePath.systemName(name)
        let flags = isFolder ? AT_REMOVEDIR : 0
        do throws(StorageError) {
            try posix("unlinkat", path) { unsafe unlinkat(below, text, flags) }
        } catch .system(let call, _, EACCES) {
            let mode = try folder.status(path: path).st_mode & 0o7777
            guard mode & 0o300 != 0o300, fchmod(below, mode | 0o300) == 0 else {
                throw .system(call: call, path: path, errno: EACCES)
            }
            try posix("unlinkat", path) { unsafe unlinkat(below, text, flags) }
        }
    }
}
