import CLinux
import Content
import Glibc
import Vocabulary

extension OpenFile {
    /// Opens what lies below `folder`, for reading, through whatever links lie on the way. Only
    /// for sources of which the user said so.
    init(
        following name: [UInt8], in folder: borrowing OpenFile, path: String, flags: Int32 = 0
    ) throws(StorageError) {
        let all = flags | O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC
        self.init(raw: try Self.follow(name[...], in: folder.raw, path: path, flags: all))
    }

    /// The kernel allows 40 links on the way of one path, and counts those of a path that it has to
    /// look up again twice. Beyond that the folder above is opened first.
    private static func follow(
        _ name: ArraySlice<UInt8>, in folder: Int32, path: String, flags: Int32
    ) throws(StorageError) -> Int32 {
        let text = RelativePath.systemName(name)
        do throws(StorageError) {
            return try posix("openat", path) { unsafe openat(folder, text, flags) }
        } catch {
            guard case .system(_, _, ELOOP) = error,
                let slash = name.lastIndex(of: UInt8(ascii: "/"))
            else { throw error }
            let above = try follow(
                name[..<slash], in: folder, path: path, flags: O_DIRECTORY | O_CLOEXEC)
            defer { Glibc.close(above) }
            return try follow(name[(slash + 1)...], in: above, path: path, flags: flags)
        }
    }

    /// Of what lies directly in this folder.
    borrowing func status(
        of name: [UInt8], follows: Bool, path: String
    ) throws(StorageError) -> stat {
        let raw = raw
        let text = RelativePath.systemName(name)
        var status = stat()
        try posix("fstatat", path) {
            unsafe fstatat(raw, text, &status, follows ? 0 : AT_SYMLINK_NOFOLLOW)
        }
        return status
    }

    /// Makes the next status of an entry that of the server, on a network file system.
    borrowing func askServer(of name: [UInt8]) {
        let raw = raw
        let text = RelativePath.systemName(name)
        unsafe clinux_ask_server(raw, text)
    }

    /// Whether this process has the right to read an entry of this folder. Reading it reports any
    /// other trouble.
    borrowing func mayRead(_ name: [UInt8], isFolder: Bool) -> Bool {
        let text = RelativePath.systemName(name)
        let wanted = isFolder ? R_OK | X_OK : R_OK
        guard unsafe faccessat(raw, text, wanted, AT_EACCESS) == -1 else { return true }
        return errno != EACCES && errno != EPERM
    }

    /// The target of a link in this folder.
    borrowing func target(of name: [UInt8], path: String) throws(StorageError) -> [UInt8] {
        let raw = raw
        let text = RelativePath.systemName(name)
        // A target that fills it may be longer.
        let most = TreeManifest.targetByteCountMax + 1
        var target = [CChar](repeating: 0, count: most)
        let count = try posix("readlinkat", path) {
            unsafe readlinkat(raw, text, &target, most)
        }
        guard count < most else {
            throw .system(call: "readlinkat", path: path, errno: ENAMETOOLONG)
        }
        return target[..<count].map { UInt8(bitPattern: $0) }
    }
}
