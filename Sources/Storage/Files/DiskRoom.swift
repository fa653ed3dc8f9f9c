import CLinux
import Glibc

/// The free room on the device of a folder, which may not exist yet.
package struct DiskRoom: Equatable, Sendable {
    /// The same number means the same device on one host only.
    let device: UInt64
    /// Beside what stays free.
    let available: Int64

    /// Bytes that stay free: a file system that is full to the last block is of no use to any user.
    package static let reserve: Int64 = 16 << 20

    package init(device: UInt64, available: Int64) {
        self.device = device
        self.available = available
    }

    /// The room at a path. A folder that does not exist yet will be on the device of the folder
    /// above it.
    package init(at path: String) throws(StorageError) {
        var path = path
        while true {
            do throws(StorageError) {
                self = try Self.found(at: path)
                return
            } catch .system(_, _, let code) where code == ENOENT || code == ENOTDIR {
                guard path.utf8.count > 1 else {
                    throw .system(call: "statvfs", path: path, errno: code)
                }
                let above = path.split(separator: "/").dropLast().joined(separator: "/")
                path = "/\(above)"
            }
        }
    }

    private static func found(at path: String) throws(StorageError) -> DiskRoom {
        var found = statvfs()
        try posix("statvfs", path) { unsafe statvfs(path, &found) }
        var status = stat()
        try posix("stat", path) { unsafe stat(path, &status) }
        let free = Int64(found.f_bavail) * Int64(found.f_frsize) - DiskRoom.reserve
        return DiskRoom(device: UInt64(status.st_dev), available: max(0, free))
    }
}
