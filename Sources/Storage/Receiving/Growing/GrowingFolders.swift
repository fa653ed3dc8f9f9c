import Content
import Glibc
import Synchronization

/// Makes the folders in which entries grow, each of them once, for many workers.
final class GrowingFolders: Sendable {
    private let places: TreePlaces
    private let entries: EntryTable
    /// Held while a folder is made.
    private let making = Mutex<Void>(())

    init(_ places: TreePlaces, _ entries: EntryTable) {
        self.places = places
        self.entries = entries
    }

    private var layout: TreeLayout { places.layout }

    /// Makes the folders in which an entry grows.
    func make(above entry: Int) throws(StorageError) {
        guard let above = layout.parent(of: entry) else { return }
        try make(above)
    }

    func make(_ folder: Int) throws(StorageError) {
        if entries[folder].isMade { return }
        try making.withLock { _ throws(StorageError) in
            var missing: [Int] = []
            var next: Int? = folder
            while let current = next, !entries[current].isMade {
                missing.append(current)
                next = layout.parent(of: current)
            }
            var cursor = FolderCursor(.growing)
            for current in missing.reversed() { try makeOne(current, &cursor) }
        }
    }

    /// A folder that an earlier job made may have its final rights already.
    private func makeOne(_ folder: Int, _ cursor: inout FolderCursor) throws(StorageError) {
        let above = try cursor.parent(of: folder, in: places)
        let name = layout.name(of: folder, on: .growing)
        let path = places.path(of: folder, on: .growing)
        do throws(StorageError) {
            try posix("mkdirat", path) { unsafe mkdirat(above, name, 0o700) }
        } catch .system(_, _, EEXIST) {
            let there = try places.open(folder, on: .growing, flags: O_DIRECTORY)
            let raw = there.raw
            try posix("fchmod", path) { fchmod(raw, 0o700) }
        }
        entries.made(folder)
    }
}
