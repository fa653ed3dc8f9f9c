import CLinux
import Content
import Glibc
import Vocabulary

extension PartRoom {
    /// The room that a whole tree needs in a folder that does not exist yet: it would be made on
    /// the device of the last existing folder above it.
    init(ofAll manifest: TreeManifest, in folder: String) throws(StorageError) {
        var path = folder
        while FileIdentity(path: path) == nil, let slash = path.lastIndex(of: "/") {
            path = String(path[..<slash])
        }
        if path.isEmpty { path = "/" }
        try Self.checkAccess(to: path, for: folder)
        var found = statvfs()
        try posix("statvfs", path) { unsafe statvfs(path, &found) }
        var status = stat()
        try posix("stat", path) { unsafe stat(path, &status) }
        needed = Self.needed(by: manifest.entries)
        available = Self.available(found)
        device = UInt64(status.st_dev)
        disk = Self.disk(of: path)
    }

    /// The mount point of the path's device: the highest folder above that is on the same device.
    static func disk(of path: String) -> String {
        guard let found = unsafe realpath(path, nil) else { return path }
        defer { unsafe free(found) }
        var place = unsafe String(cString: found)
        var status = stat()
        guard unsafe stat(place, &status) == 0 else { return path }
        while place != "/", let slash = place.lastIndex(of: "/") {
            let above = slash == place.startIndex ? "/" : String(place[..<slash])
            var other = stat()
            guard unsafe stat(above, &other) == 0, other.st_dev == status.st_dev else { break }
            place = above
        }
        return place
    }

    /// Whether a folder could be made there, without making it.
    private static func checkAccess(
        to path: String, for folder: String
    ) throws(StorageError) {
        var status = stat()
        try posix("stat", path) { unsafe stat(path, &status) }
        guard status.st_mode & S_IFMT == S_IFDIR else {
            throw .system(call: "mkdir", path: folder, errno: ENOTDIR)
        }
        try posix("mkdir", folder) { unsafe faccessat(AT_FDCWD, path, W_OK | X_OK, AT_EACCESS) }
    }

    static func available(_ found: statvfs) -> Int64 {
        max(0, Int64(found.f_bavail) * Int64(found.f_frsize) - DiskRoom.reserve)
    }

    /// The bytes that entries need, in whole blocks, as the file system will count them.
    static func needed(by entries: some Sequence<TreeEntry>) -> Int64 {
        let block: Int64 = 4096
        var sum: Int64 = 0
        for entry in entries {
            guard case .file(_, let extents) = entry.body else { continue }
            for extent in extents { sum += (extent.end - extent.start + block - 1) / block * block }
        }
        return sum
    }
}
