import Glibc

/// A file by which other ranks recognise a folder of this rank, such as one on a shared file
/// system. It is removed with this value.
package struct SharedToken: ~Copyable {
    private let folder: OpenFile
    private let name: String
    package let sign: SharedSign

    /// Creates it in the folder at `path`, or in the deepest folder above it that exists. `path`
    /// begins at the root.
    package init(above path: String) throws(StorageError) {
        let parts = path.utf8.split(separator: UInt8(ascii: "/")).map { String($0) ?? "" }
        var count = parts.count
        while count > 0, FileIdentity(path: Self.path(parts[..<count])) == nil { count -= 1 }
        let above = Self.path(parts[..<count])
        let folder = try OpenFile(opening: above, flags: O_RDONLY | O_DIRECTORY)
        let file = try TemporaryFile(in: folder, path: above, prefix: "mpiswarm-token", from: 0)
        name = try file.keepName()
        self.folder = folder
        sign = SharedSign(
            folder: above, name: name, missing: count < parts.count ? parts[count] : "")
    }

    private static func path(_ parts: ArraySlice<String>) -> String {
        "/" + parts.joined(separator: "/")
    }

    deinit {
        let below = folder.raw
        unsafe unlinkat(below, name, 0)
    }
}
