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
        let folder = try OpenFile(creatingFolder: path)
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
}
