import Glibc

extension OpenFile {
    /// Opens a folder, which is created where it is missing.
    init(creatingFolder path: String) throws(StorageError) {
        try Self.create(path)
        try self.init(opening: path, flags: O_RDONLY | O_DIRECTORY)
    }

    /// A folder directly below another one, never through a link.
    init(
        folder name: String, in above: borrowing OpenFile, path: String
    ) throws(StorageError) {
        let below = above.raw
        let flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC
        self.init(raw: try posix("openat", path) { unsafe openat(below, name, flags) })
    }

    /// False when something has that name already.
    borrowing func makeFolder(_ name: String, path: String) throws(StorageError) -> Bool {
        let below = raw
        do throws(StorageError) {
            try posix("mkdirat", path) { unsafe mkdirat(below, name, 0o700) }
            return true
        } catch .system(_, _, EEXIST) {
            return false
        }
    }

    /// A folder directly below this one, made where it is missing.
    borrowing func folder(_ name: String, path: String) throws(StorageError) -> OpenFile {
        _ = try makeFolder(name, path: path)
        return try OpenFile(folder: name, in: self, path: path)
    }

    borrowing func unlinkIfThere(_ name: String, path: String) throws(StorageError) {
        let below = raw
        do throws(StorageError) {
            try posix("unlinkat", path) { unsafe unlinkat(below, name, 0) }
        } catch .system(_, _, ENOENT) {
            return
        }
    }

    /// Removes all that lies in this folder. Links are removed and not followed.
    borrowing func removeContents(path: String) throws(StorageError) {
        let listed = try OpenFile(folder: ".", in: self, path: path)
        for bytes in try listed.names(path: path) {
            try removeAll(of: bytes, path: "\(path)/\(String(decoding: bytes, as: UTF8.self))")
        }
    }

    /// Removes what has that name directly in this folder, with all that lies in it.
    borrowing func removeAll(of bytes: [UInt8], path: String) throws(StorageError) {
        let below = raw
        let name = bytes.map { CChar(bitPattern: $0) } + [0]
        do throws(StorageError) {
            try posix("unlinkat", path) { unsafe unlinkat(below, name, 0) }
        } catch .system(_, _, EISDIR) {
            // Its own rights may forbid to remove what lies in it.
            let folder = try ownFolder(bytes, path: path)
            try folder.removeContents(path: path)
            try posix("unlinkat", path) { unsafe unlinkat(below, name, AT_REMOVEDIR) }
        }
    }

    /// A folder of ours directly below this one, to which we may write from now on.
    borrowing func ownFolder(_ bytes: [UInt8], path: String) throws(StorageError) -> OpenFile {
        let below = raw
        let name = bytes.map { CChar(bitPattern: $0) } + [0]
        let flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC
        let open = { () throws(StorageError) in
            OpenFile(raw: try posix("openat", path) { unsafe openat(below, name, flags) })
        }
        let folder: OpenFile
        do throws(StorageError) { folder = try open() } catch .system(_, _, EACCES) {
            try posix("fchmodat", path) { unsafe fchmodat(below, name, 0o700, 0) }
            folder = try open()
        }
        let inner = folder.raw
        guard try folder.status(path: path).st_mode & 0o700 != 0o700 else { return folder }
        try posix("fchmod", path) { fchmod(inner, 0o700) }
        return folder
    }

    /// With its parents. Another rank may create the same at the same time; whether what is
    /// there is a folder shows when it is opened.
    private static func create(_ path: String) throws(StorageError) {
        do throws(StorageError) {
            try posix("mkdir", path) { unsafe mkdir(path, 0o777) }
        } catch .system(_, _, EEXIST) {
            return
        } catch .system(_, _, ENOENT) {
            guard let parent = parent(of: path) else {
                throw .system(call: "mkdir", path: path, errno: ENOENT)
            }
            try create(parent)
            try createLast(path)
        }
    }

    private static func createLast(_ path: String) throws(StorageError) {
        do throws(StorageError) {
            try posix("mkdir", path) { unsafe mkdir(path, 0o777) }
        } catch .system(_, _, EEXIST) {
            return
        }
    }

    /// Nil where there is none to create.
    private static func parent(of path: String) -> String? {
        var parts = path.utf8[...]
        while parts.last == UInt8(ascii: "/") { parts.removeLast() }
        while let last = parts.last, last != UInt8(ascii: "/") { parts.removeLast() }
        while parts.last == UInt8(ascii: "/") { parts.removeLast() }
        return parts.isEmpty ? nil : String(decoding: parts, as: UTF8.self)
    }
}
