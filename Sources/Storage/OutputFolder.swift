import Glibc
import Vocabulary

/// The folder that a peer writes to, open: what is created later is created beneath it, wherever
/// its path may lead by then.
package struct OutputFolder: ~Copyable {
    private let folder: OpenFile
    private let path: String
    private let prefix: String

    /// Creates the folder where it is missing, and a file in it, which is removed again: access
    /// rights alone do not tell whether one may write. `prefix` keeps the temporary names of the
    /// ranks of one folder apart.
    package init(path: String, prefix: String) throws(StorageError) {
        try Self.create(path)
        let folder = try OpenFile(opening: path, flags: O_RDONLY | O_DIRECTORY)
        _ = try TemporaryFile(in: folder, path: path, prefix: prefix)
        self.folder = folder
        self.path = path
        self.prefix = prefix
    }

    /// Gives `name` to a new file with what `fill` writes. All of it or nothing: what had the
    /// name is replaced at the end, and untouched by a failure.
    borrowing func write(
        _ name: RelativePath,
        _ fill: (borrowing TemporaryFile) throws(StorageError) -> Void
    ) throws(StorageError) {
        precondition(name.isSingleName, "outputs lie directly in the folder")
        let file = try TemporaryFile(in: folder, path: path, prefix: prefix)
        try fill(file)
        try file.takeName(name.description)
    }

    /// With its parents. Another rank may create the same at the same time; whether what is
    /// there is a folder shows when it is opened.
    private static func create(_ path: String) throws(StorageError) {
        do throws(StorageError) {
            try posix("mkdir", path) { unsafe mkdir(path, 0o777) }
        } catch .system(_, _, EEXIST) {
            return
        } catch .system(_, _, ENOENT) {
            guard let parent = parent(of: path) else {
                throw .system(call: "mkdir", path: path, errno: ENOENT)
            }
            try create(parent)
            try createLast(path)
        }
    }

    private static func createLast(_ path: String) throws(StorageError) {
        do throws(StorageError) {
            try posix("mkdir", path) { unsafe mkdir(path, 0o777) }
        } catch .system(_, _, EEXIST) {
            return
        }
    }

    /// Nil where there is none to create.
    private static func parent(of path: String) -> String? {
        var parts = path.utf8[...]
        while parts.last == UInt8(ascii: "/") { parts.removeLast() }
        while let last = parts.last, last != UInt8(ascii: "/") { parts.removeLast() }
        while parts.last == UInt8(ascii: "/") { parts.removeLast() }
        return parts.isEmpty ? nil : String(decoding: parts, as: UTF8.self)
    }
}
