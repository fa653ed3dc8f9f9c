import CLinux
import Content
import Glibc
import Vocabulary

/// A tree's entries on disk, on both sides. Everything is opened beneath the destination or the
/// part area, and through no link.
struct TreePlaces: ~Copyable {
    let layout: TreeLayout
    let folder: PartFolder

    /// The path of an entry, for errors.
    borrowing func path(of entry: Int, on side: TreeSide) -> String {
        let path = layout.entries[entry].path
        switch side {
        case .growing: return "\(folder.path)/tree/\(path)"
        case .final:
            let below = RelativePath.text(of: path.utf8.drop { $0 != UInt8(ascii: "/") })
            guard let rename = layout.rename else { return "\(folder.basePath)/\(path)" }
            return "\(folder.basePath)/\(rename)\(below)"
        }
    }

    borrowing func open(
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
    borrowing func root(of side: TreeSide) -> Int32 {
        switch side {
        case .growing: folder.tree.raw
        case .final: folder.base.raw
        }
    }

    /// For reading and writing, made where it is missing. One that is there and has its final
    /// rights already, which may forbid us to write, gets those of a growing file back.
    borrowing func openForGrowing(
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
    borrowing func status(
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
}
