import Glibc
package import Vocabulary

/// The folder that a peer's own files lie below, open: they are found there wherever its path may
/// lead by then. Links in it are not followed.
package final class InputFolder: Sendable {
    private let folder: OpenFile
    private let path: String

    /// A link at `path` itself is followed, because the user chose it.
    package init(path: String) throws(StorageError) {
        folder = try OpenFile(opening: path, flags: O_RDONLY | O_DIRECTORY)
        self.path = path
    }

    func open(_ place: RelativePath) throws(StorageError) -> OpenFile {
        try OpenFile(beneath: folder, place, path: path(of: place))
    }

    /// Whether its path still leads here.
    var isInPlace: Bool {
        do throws(StorageError) {
            let found = try OpenFile(opening: path, flags: O_RDONLY | O_DIRECTORY)
            let (there, here) = (try found.status(path: path), try folder.status(path: path))
            return there.st_ino == here.st_ino && there.st_dev == here.st_dev
        } catch {
            return false
        }
    }

    package func path(of place: RelativePath) -> String { "\(path)/\(place)" }
}
