import CLinux
import Glibc

/// What is free where a folder lies, or where it will lie.
package struct DiskRoom: Equatable, Sendable {
    /// The same number means the same device on one host only.
    let device: UInt64
    /// Beside what stays free.
    let available: Int64

    /// Left free: a file system that is full to the last block serves nobody.
    package static let reserve: Int64 = 16 << 20

    package init(device: UInt64, available: Int64) {
        self.device = device
        self.available = available
    }

    /// Where a path leads. What is not there yet will lie on the device of the folder above it.
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
