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
        let below = folder.raw
        let text = RelativePath.systemName(name)
        self.init(raw: try posix("openat", path) { unsafe openat(below, text, all) })
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

    /// The parts of a file that contain bytes, from the file system. If it cannot report them, or
    /// there are more than the limit, all of the file counts as bytes.
    borrowing func extents(
        of length: Int64, path: String, countMax: Int = extentCountMax
    ) throws(StorageError) -> [Extent] {
        var extents: [Extent] = []
        var position: Int64 = 0
        while position < length {
            guard let start = try seek(Self.data, from: position, path: path) else { break }
            let isLast = extents.count == countMax - 1
            let end = isLast ? nil : try seek(Self.hole, from: start, path: path)
            guard let extent = Extent(start: start, end: min(end ?? length, length)) else { break }
            extents.append(extent)
            position = extent.end
        }
        return extents
    }

    /// A file that was written in a pattern can have one part for each block; every rank stores 16
    /// bytes for each.
    static let extentCountMax = 1 << 16

    /// SEEK_DATA and SEEK_HOLE, which Glibc's overlay lacks.
    private static let data: Int32 = 3
    private static let hole: Int32 = 4

    /// Nil where nothing of that kind comes any more.
    private borrowing func seek(
        _ kind: Int32, from position: Int64, path: String
    ) throws(StorageError) -> Int64? {
        let raw = raw
        do throws(StorageError) {
            return Int64(try posix("lseek", path) { lseek(raw, off_t(position), kind) })
        } catch .system(_, _, ENXIO) {
            return nil
        } catch .system(_, _, EINVAL) {
            // A file system that knows of no holes.
            return kind == Self.data ? position : nil
        }
    }
}
