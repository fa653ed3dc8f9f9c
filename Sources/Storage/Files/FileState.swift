package import Content
import Glibc

/// What tells, as far as anything but its bytes can, whether a file is as it was.
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
