package import Content
import Glibc

/// The attributes that show, as far as anything but the bytes can, whether a file has changed.
package struct FileState: Equatable, Sendable {
    package let length: Int64
    package let modified: FileTime

    package init(length: Int64, modified: FileTime) {
        self.length = length
        self.modified = modified
    }

    init(_ status: stat, path: String) throws(StorageError) {
        length = Int64(status.st_size)
        modified = try FileTime(status, path: path)
    }
}
