import CLinux
import Content
import Glibc
import Vocabulary

/// A tree's entries on disk, on both sides. Everything is opened beneath the destination or the
/// part area, and through no link.
final class TreePlaces: Sendable {
    let layout: TreeLayout
    let folder: PartFolder

    init(layout: TreeLayout, folder: PartFolder) {
        self.layout = layout
        self.folder = folder
    }

    /// The path of an entry, for errors.
    func path(of entry: Int, on side: TreeSide) -> String {
        switch side {
        case .growing: return "\(folder.path)/tree/\(layout.entries[entry].path)"
        case .final:
            let path = RelativePath.text(of: layout.finalBytes(of: entry)[...])
            return "\(folder.basePath)/\(path)"
        }
    }

    func open(
        _ entry: Int, on side: TreeSide, flags: Int32 = 0, mode: mode_t = 0
    ) throws(StorageError) -> OpenFile {
        let name = try layout.path(of: entry, on: side)
        let full = path(of: entry, on: side)
        switch side {
        case .growing:
            return try OpenFile(beneath: folder.tree, name, path: full, flags: flags, mode: mode)
        case .final:
            return try OpenFile(beneath: folder.base, name, path: full, flags: flags, mode: mode)
        }
    }

    /// The folder above all entries of a side.
    func root(of side: TreeSide) -> Int32 {
        switch side {
        case .growing: folder.tree.raw
        case .final: folder.base.raw
        }
    }

    /// For reading and writing, made where it is missing. One that is there and has its final
    /// rights already, which may forbid us to write, gets those of a growing file back.
    func openForGrowing(
        _ entry: Int, flags: Int32 = 0
    ) throws(StorageError) -> OpenFile {
        let all = flags | O_RDWR | O_CREAT
        do throws(StorageError) {
            return try open(entry, on: .growing, flags: all, mode: 0o600)
        } catch .system(_, _, EACCES) {
            var cursor = FolderCursor(.growing)
            let above = try cursor.parent(of: entry, in: self)
            let name = layout.name(of: entry, on: .growing)
            try posix("fchmodat", path(of: entry, on: .growing)) {
                unsafe fchmodat(above, name, 0o600, AT_SYMLINK_NOFOLLOW)
            }
            return try open(entry, on: .growing, flags: all, mode: 0o600)
        }
    }

    /// Nil where there is nothing. A link is not followed.
    func status(
        of entry: Int, on side: TreeSide, _ cursor: inout FolderCursor
    ) throws(StorageError) -> stat? {
        let name = layout.name(of: entry, on: side)
        var status = stat()
        do throws(StorageError) {
            let above = try cursor.parent(of: entry, in: self)
            try posix("fstatat", path(of: entry, on: side)) {
                unsafe fstatat(above, name, &status, AT_SYMLINK_NOFOLLOW)
            }
        } catch .system(_, _, ENOENT) {
            return nil
        }
        return status
    }

    /// The status of an entry that must be there: if it is not, another process has removed it.
    func status(of entry: Int, on side: TreeSide) throws(StorageError) -> stat {
        var cursor = FolderCursor(side)
        guard let found = try status(of: entry, on: side, &cursor) else {
            throw .altered(path: path(of: entry, on: side))
        }
        return found
    }
}
