import CLinux
import Content
import Glibc
import Vocabulary

/// The entries at the final places of a tree before anything is written.
struct DestinationSurvey {
    var states: [EntryState]
    /// The first entry whose name is taken by something that may not be replaced.
    private(set) var firstConflict: (path: String, obstacle: PartError.Obstacle)?
    private(set) var conflictCount = 0
    /// Other names of a file that have its length and date, but another inode.
    private(set) var lone: [Int] = []

    let options: PartOptions

    init(of places: TreePlaces, _ options: PartOptions) throws(StorageError) {
        let layout = places.layout
        self.options = options
        states = [EntryState](
            repeating: EntryState(place: .absent), count: layout.entries.count)
        var cursor = FolderCursor(.final)
        for entry in layout.entries.indices {
            // Nothing lies below an entry that is no folder.
            if let above = layout.parent(of: entry), states[above].place != .right { continue }
            guard let found = try places.status(of: entry, on: .final, &cursor) else { continue }
            if layout.parent(of: entry) == nil,
                layout.nameBytes(of: entry, on: .final).elementsEqual(places.folder.name.utf8)
            {
                refuse(entry, .own, in: places)
            } else {
                let above = try cursor.parent(of: entry, in: places)
                try judge(entry, found, above: above, in: places)
            }
        }
    }

    private mutating func judge(
        _ entry: Int, _ found: stat, above: Int32, in places: TreePlaces
    ) throws(StorageError) {
        let described = places.layout.entries[entry]
        let kind = found.st_mode & S_IFMT
        switch described.body {
        case .folder:
            guard kind == S_IFDIR else { return refuse(entry, .noFolder, in: places) }
            states[entry].place = .right
        case .file(let length, _):
            let isAlike = kind == S_IFREG && Int64(found.st_size) == length
            if isAlike, options.verifies {
                states[entry].place = .doubted
            } else if isAlike, described.modified.isKept(as: found) {
                states[entry].place = .right
                states[entry].isDated =
                    found.st_mode & 0o7777 == mode_t(described.mode)
                    && !(options.preserves && described.preserved != nil)
            } else {
                replace(entry, kind, in: places)
            }
        case .link(let target):
            let name = places.layout.name(of: entry, on: .final)
            let path = places.path(of: entry, on: .final)
            if kind == S_IFLNK, try Self.target(of: name, in: above, path: path) == target {
                states[entry].place = .right
            } else {
                replace(entry, kind, in: places)
            }
        case .sameFile(let path):
            if try isSameFile(found, as: path, in: places) {
                states[entry].place = .right
            } else if !options.keepsExisting, isAlike(found, path, in: places) {
                // Only the link is missing: the file counts as existing, as it does with a wrong
                // date.
                states[entry].place = .replaced
                lone.append(entry)
            } else {
                replace(entry, kind, in: places)
            }
        }
    }

    /// Whether `found` could be the file at `path`, by its length and date.
    private func isAlike(
        _ found: stat, _ path: RelativePath, in places: TreePlaces
    ) -> Bool {
        guard let original = places.layout.entry(at: path) else { return false }
        let described = places.layout.entries[original]
        return found.st_mode & S_IFMT == S_IFREG && Int64(found.st_size) == described.length
            && described.modified.isKept(as: found)
    }

    /// Whether `found` is another name of a file that is in its place already.
    private func isSameFile(
        _ found: stat, as path: RelativePath, in places: TreePlaces
    ) throws(StorageError) -> Bool {
        guard let original = places.layout.entry(at: path), !states[original].grows else {
            return false
        }
        var cursor = FolderCursor(.final)
        let status = try places.status(of: original, on: .final, &cursor)
        return status.map { FileIdentity($0) == FileIdentity(found) } ?? false
    }

    private mutating func replace(
        _ entry: Int, _ kind: mode_t, in places: TreePlaces
    ) {
        // A rename cannot replace a folder with a file, and no job should replace a device.
        switch kind {
        case S_IFREG, S_IFLNK:
            guard options.overwrites else { return refuse(entry, .other, in: places) }
            states[entry].place = .replaced
        case S_IFDIR: refuse(entry, .folder, in: places)
        default: refuse(entry, .special, in: places)
        }
    }

    private mutating func refuse(
        _ entry: Int, _ obstacle: PartError.Obstacle, in places: TreePlaces
    ) {
        if firstConflict == nil {
            firstConflict = (places.path(of: entry, on: .final), obstacle)
        }
        conflictCount += 1
    }

    static func target(
        of name: [CChar], in folder: Int32, path: String
    ) throws(StorageError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: Int(PATH_MAX))
        let count = try posix("readlinkat", path) {
            unsafe bytes.withUnsafeMutableBytes { memory in
                let text = unsafe memory.assumingMemoryBound(to: CChar.self)
                return unsafe readlinkat(folder, name, text.baseAddress!, text.count)
            }
        }
        return Array(bytes[..<count])
    }
}
