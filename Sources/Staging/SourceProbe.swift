package import Content
import Vocabulary

/// The file or folder that a rank finds at the path of a SOURCE.
package struct SourceProbe: Equatable, Sendable {
    package var isFolder: Bool
    package var device: UInt64
    package var inode: UInt64
    package var size: Int64
    package var modified: FileTime
    /// The type of the file system.
    package var system: UInt64

    package init(
        isFolder: Bool, device: UInt64, inode: UInt64, size: Int64, modified: FileTime,
        system: UInt64
    ) {
        self.isFolder = isFolder
        self.device = device
        self.inode = inode
        self.size = size
        self.modified = modified
        self.system = system
    }

    /// On one node a device has one number.
    func isSameOnOneHost(as other: SourceProbe) -> Bool {
        device == other.device && inode == other.inode
    }

    /// On a shared file system everything agrees but the device's number, which each node gives.
    func isSameAcrossHosts(as other: SourceProbe) -> Bool {
        isFolder == other.isFolder && inode == other.inode && size == other.size
            && modified == other.modified && system == other.system
    }
}
