import Content
import Glibc
import Vocabulary

/// Where one source lies, and under which name it stands in the tree.
struct SourceRoot: Sendable {
    let name: RelativePath
    let path: String
    /// Nil where so many are open already that this one is opened each time.
    private let kept: SharedFile?

    /// Fails where there is nothing to read, whether or not it is kept open.
    init(name: RelativePath, path: String, keepsOpen: Bool) throws(StorageError) {
        let file = SharedFile(try Self.open(path))
        self.name = name
        self.path = path
        kept = keepsOpen ? file : nil
    }

    /// Opens a file of this source: the whole source, or one beneath it.
    func open(_ entry: RelativePath, follows: Bool) throws(StorageError) -> SharedFile {
        let root =
            if let kept { kept } else { SharedFile(try Self.open(path)) }
        guard let below = entry.belowTop else { return root }
        let full = fullPath(of: entry)
        if follows {
            return SharedFile(
                try OpenFile(following: below.description, in: root.file, path: full))
        }
        return SharedFile(try OpenFile(beneath: root.file, below, path: full))
    }

    /// Where it really lies, for errors.
    func fullPath(of entry: RelativePath) -> String {
        entry.belowTop.map { "\(path)/\($0)" } ?? path
    }

    /// A link as the path itself is followed, as when it was listed.
    private static func open(_ path: String) throws(StorageError) -> OpenFile {
        try OpenFile(opening: path, flags: O_RDONLY | O_NONBLOCK | O_NOCTTY)
    }
}
