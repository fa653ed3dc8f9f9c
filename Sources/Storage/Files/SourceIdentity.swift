import CLinux
package import Content
import Glibc

/// The attributes by which several hosts recognise the same file or folder on a shared file system.
package struct SourceIdentity: Equatable, Sendable {
    package let number: UInt64
    package let length: Int64
    package let modified: FileTime
    package let fileSystem: UInt64
    /// Numbered by each host as it likes.
    package let device: UInt64
    package let isFolder: Bool

    package init(
        number: UInt64, length: Int64, modified: FileTime, fileSystem: UInt64, device: UInt64,
        isFolder: Bool = false
    ) {
        self.number = number
        self.length = length
        self.modified = modified
        self.fileSystem = fileSystem
        self.device = device
        self.isFolder = isFolder
    }

    /// A link at `path` itself is followed, because the user chose it.
    package init(path: String) throws(StorageError) {
        let file = try OpenFile(opening: path, flags: O_RDONLY | O_NONBLOCK | O_NOCTTY)
        try self.init(of: file, path: path)
    }

    init(of file: borrowing OpenFile, path: String) throws(StorageError) {
        let status = try file.status(path: path)
        let raw = file.raw
        let kind = try posix("fstatfs", path) { clinux_file_system_type(raw) }
        self.init(
            number: UInt64(status.st_ino), length: Int64(status.st_size),
            modified: try FileTime(status, path: path),
            fileSystem: UInt64(truncatingIfNeeded: kind), device: UInt64(status.st_dev),
            isFolder: status.st_mode & S_IFMT == S_IFDIR)
    }

    package func isSameAcrossHosts(as other: SourceIdentity) -> Bool {
        number == other.number && length == other.length && modified == other.modified
            && fileSystem == other.fileSystem
    }
}

extension FileTime {
    init(_ status: stat, path: String) throws(StorageError) {
        let time = status.st_mtim
        guard
            let modified = FileTime(
                seconds: Int64(time.tv_sec),
                nanoseconds: UInt32(truncatingIfNeeded: time.tv_nsec))
        else { throw .system(call: "fstat", path: path, errno: EOVERFLOW) }
        self = modified
    }
}
