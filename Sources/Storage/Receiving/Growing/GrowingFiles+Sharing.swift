import Content
import Glibc
import Synchronization

/// Growing files that are hard links of complete files of others.
extension GrowingFiles {
    /// Puts a copy into the place of a link, before anything of the file changes: what is written
    /// to a link is written to the files of others.
    func unshare(_ entry: Int) throws(StorageError) {
        try repairing.withLock { _ throws(StorageError) in
            guard entries[entry].isShared else { return }
            guard case .file(let length, let extents) = layout.entries[entry].body else {
                preconditionFailure("only files are shared")
            }
            let path = places.path(of: entry, on: .growing)
            let shared = try places.open(entry, on: .growing)
            let found = try shared.status(path: path)
            let name = PartFolder.copyName
            let copyPath = "\(places.folder.path)/\(name)"
            try places.folder.area.unlinkIfThere(name, path: copyPath)
            let below = places.folder.area.raw
            let flags = O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC
            let copy = OpenFile(
                raw: try posix("openat", copyPath) { unsafe openat(below, name, flags, 0o600) })
            // Of a file that was cut meanwhile everything has to come again.
            if Int64(found.st_size) == length {
                try shared.clone(to: copy, extents, path: path, copyPath: copyPath)
            }
            try copy.setLength(length, path: copyPath)
            // Readers find the link or the whole copy.
            var cursor = FolderCursor(.growing)
            let above = try cursor.parent(of: entry, in: places)
            let final = layout.name(of: entry, on: .growing)
            try posix("renameat", path) { unsafe renameat(below, name, above, final) }
            reader.cache.close(entry)
            // A link that was altered may have been altered in bytes that were digested before.
            let isSame = stamps.isAsLeft(entry, FileStamp(found))
            stamps.trust(entry, as: FileStamp(try copy.status(path: path)))
            if !isSame { stamps.distrust(entry) }
            entries.unshared(entry)
        }
    }
}
